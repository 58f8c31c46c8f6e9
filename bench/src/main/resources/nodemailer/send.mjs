// Sends as many messages as each line of standard input says, and answers each line with the seconds it took.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import nodemailer from 'nodemailer';

const { port, connections, words } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const transport = nodemailer.createTransport({
  host: '127.0.0.1',
  port,
  secure: false,
  ignoreTLS: true,
  pool: true,
  maxConnections: connections,
  maxMessages: 10000,
  disableFileAccess: true,
  disableUrlAccess: true,
});
const asciiOnly = /^[\x00-\x7f]*$/;
const templates = words.map(({ subject, text, html, language }) => ({
  from: { name: 'Any2text', address: 'privacy@any2text.example' },
  subject,
  text,
  html,
  // Cyrillic as quoted-printable would take half as many bytes again.
  textEncoding: asciiOnly.test(text + html) ? undefined : 'base64',
  headers: { 'Auto-Submitted': 'auto-generated', 'Content-Language': language },
}));

async function send(messages) {
  let next = 0;
  const worker = async () => {
    while (next < messages) {
      const number = next++;
      await transport.sendMail({ ...templates[number % templates.length], to: `u${number}@example.com` });
    }
  };
  // Twice as many at a time as connections, so that none waits for its next message.
  await Promise.all(Array.from({ length: 2 * connections }, worker));
}

for await (const line of createInterface({ input: process.stdin })) {
  const begun = process.hrtime.bigint();
  await send(Number(line));
  console.log(Number(process.hrtime.bigint() - begun) / 1e9);
}
transport.close();
