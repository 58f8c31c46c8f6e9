#!/usr/bin/env python3
"""Makes the bounces of real mail servers anew: see README.md. Needs root; listens on 127.0.0.1 only."""

import pathlib
import shutil
import smtplib
import socket
import socketserver
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
WORK = pathlib.Path(tempfile.mkdtemp(prefix="bounces"))
TOKEN = ("token" * 10)[:48]
BOUNCES = "bounces.example.net"
SENDER = f"{TOKEN}@{BOUNCES}"
NOTICE = (
    "From: Sample <notices@sample.example>\r\nTo: {to}\r\nSubject: A notice about your data\r\n"
    "Date: Mon, 02 Mar 2026 10:00:00 +0000\r\nMessage-ID: <{token}@sample.example>\r\n"
    "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
    "Content-Transfer-Encoding: 8bit\r\n\r\nЗдравствуйте. This is a sample.\r\n"
)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Sink(socketserver.StreamRequestHandler):
    """Keeps what comes for the bounce domain; knows no "gone", and "full" has no room."""

    kept = []

    def say(self, line):
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self):
        self.say("220 sink.example ESMTP")
        for_us = False
        while line := self.rfile.readline():
            command = line.decode("latin-1").strip()
            verb = command.upper()
            if verb.startswith("EHLO"):
                self.say("250-sink.example\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES")
            elif verb.startswith("RCPT TO:<GONE"):
                address = command[9:].split(">")[0]
                self.say(f"550 5.1.1 <{address}>: Recipient address rejected: User unknown in virtual mailbox table")
            elif verb.startswith("RCPT TO:<FULL"):
                self.say(f"552 5.2.2 mailbox {command[9:].split('>')[0]} is full")
            elif verb.startswith("RCPT"):
                for_us = BOUNCES.upper() in verb
                self.say("250 2.1.5 Ok")
            elif verb == "DATA":
                self.say("354 go on")
                lines = []
                while (data := self.rfile.readline()) not in (b".\r\n", b""):
                    lines.append(data[1:] if data.startswith(b"..") else data)
                if for_us:
                    Sink.kept.append(b"".join(lines))
                self.say("250 2.0.0 Ok")
            elif verb == "QUIT":
                return self.say("221 2.0.0 bye")
            else:
                self.say("250 2.0.0 Ok")


def send(port, to, notify=None):
    """A notice with a VERP sender, with DSN options where the server offers them."""
    with smtplib.SMTP("127.0.0.1", port, local_hostname="sample.example") as smtp:
        smtp.ehlo()
        dsn = smtp.has_extn("dsn")
        smtp.sendmail(
            SENDER,
            [to],
            NOTICE.format(to=to, token=TOKEN).encode(),
            mail_options=["BODY=8BITMIME"] + (["RET=HDRS", f"ENVID={TOKEN}"] if dsn else []),
            rcpt_options=[f"NOTIFY={notify}"] if dsn and notify else [],
        )


def keep(name, port, to, notify=None):
    Sink.kept.clear()
    send(port, to, notify)
    deadline = time.monotonic() + 90
    while not Sink.kept:
        if time.monotonic() > deadline:
            sys.exit(f"no report came for {name}; see {WORK}")
        time.sleep(0.1)
    (HERE / f"{name}.eml").write_bytes(Sink.kept[0])
    print(name)


def await_port(port):
    deadline = time.monotonic() + 30
    while True:
        try:
            with smtplib.SMTP("127.0.0.1", port, timeout=5):
                return
        except (OSError, smtplib.SMTPException):
            if time.monotonic() > deadline:
                sys.exit(f"nothing listens on {port}; see {WORK}")
            time.sleep(0.1)


def unpacked(*packages):
    """Debian packages, unpacked and not installed: the three servers exclude each other."""
    debs, root = WORK / "debs", WORK / packages[0]
    debs.mkdir(exist_ok=True)
    for package in packages:
        subprocess.run(["apt-get", "-qq", "download", package], cwd=debs, check=True, stderr=subprocess.DEVNULL)
        subprocess.run(["dpkg", "-x", next(debs.glob(package + "_*.deb")), root], check=True)
    return root


def with_users(script, log):
    """Runs a server that insists on users and folders of its own: they exist in a mount namespace only."""
    users = {"Debian-exim": 989, "opensmtpd": 990, "opensmtpq": 991}
    etc = WORK / "etc"
    etc.mkdir(exist_ok=True)
    (etc / "passwd").write_text(
        pathlib.Path("/etc/passwd").read_text()
        + "".join(f"{name}:x:{id}:{id}::/nonexistent:/bin/false\n" for name, id in users.items()))
    (etc / "group").write_text(
        pathlib.Path("/etc/group").read_text() + "".join(f"{name}:x:{id}:\n" for name, id in users.items()))
    binds = f"set -e; hostname mx.example.net; mount --bind {etc}/passwd /etc/passwd; mount --bind {etc}/group /etc/group\n"
    return subprocess.Popen(
        ["unshare", "-m", "-u", "--propagation", "private", "bash", "-c", binds + script],
        stdout=log,
        stderr=log,
    )


def postfix(sink):
    port, closed = free_port(), free_port()
    config, queue = WORK / "postfix", WORK / "postfix-queue"
    config.mkdir()
    queue.mkdir()
    data = WORK / "postfix-data"
    data.mkdir()
    shutil.chown(data, "postfix")
    WORK.chmod(0o755)
    (config / "main.cf").write_text(f"""
compatibility_level = 3.6
myhostname = mx.example.net
mydestination = people.example
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
local_recipient_maps =
alias_maps =
alias_database =
local_transport = local
queue_directory = {queue}
data_directory = {data}
maillog_file = /dev/stdout
smtpd_recipient_restrictions = permit_mynetworks, reject
smtp_host_lookup = native
smtp_dns_support_level = disabled
smtp_tls_security_level = none
transport_maps = inline:{{ {{ {BOUNCES} = smtp:[127.0.0.1]:{sink} }}, {{ elsewhere.example = smtp:[127.0.0.1]:{sink} }}, {{ late.example = slow:[127.0.0.1]:{closed} }} }}
delay_warning_time = 2s
maximal_queue_lifetime = 20s
queue_run_delay = 1s
minimal_backoff_time = 1s
maximal_backoff_time = 2s
""")
    (config / "master.cf").write_text(f"""
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
slow unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
local unix - n n - - local
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
""")
    with open(WORK / "postfix.log", "w") as log:
        server = subprocess.Popen(["postfix", "-c", config, "start-fg"], stdout=log, stderr=log)
        try:
            await_port(port)
            keep("postfix-unknown-user", port, "unknown-user@people.example", "FAILURE")
            keep("postfix-refused-elsewhere", port, "gone@elsewhere.example", "FAILURE")
            keep("postfix-mailbox-full", port, "full@elsewhere.example", "FAILURE")
            keep("postfix-relayed", port, "b@elsewhere.example", "SUCCESS,FAILURE")
            keep("postfix-delayed", port, "c@late.example", "FAILURE,DELAY")
            keep("postfix-expired", port, "d@late.example", "FAILURE")
        finally:
            subprocess.run(["postfix", "-c", config, "stop"], stderr=subprocess.DEVNULL)
            server.wait(30)


def exim(sink):
    root, port = unpacked("exim4-daemon-light"), free_port()
    WORK.chmod(0o755)
    spool = WORK / "exim-spool"
    spool.mkdir()
    shutil.chown(spool, "mail", "mail")
    config = WORK / "exim.conf"
    config.write_text(f"""
primary_hostname = mx.example.net
daemon_smtp_ports = {port}
local_interfaces = 127.0.0.1
exim_path = {root}/usr/sbin/exim4
exim_user = mail
exim_group = mail
spool_directory = {spool}
log_file_path = {spool}/%slog
dsn_advertise_hosts = *
acl_smtp_rcpt = accept
acl_smtp_data = accept
tls_advertise_hosts =
keep_environment =
begin routers
bounces:
  driver = manualroute
  domains = {BOUNCES} : elsewhere.example
  route_list = * 127.0.0.1 byname
  self = send
  transport = out
local:
  driver = accept
  domains = people.example
  local_parts = someone
  transport = discard
begin transports
out:
  driver = smtp
  port = {sink}
  allow_localhost
discard:
  driver = autoreply
""")
    with open(WORK / "exim.log", "w") as log:
        server = with_users(f"exec {root}/usr/sbin/exim4 -C {config} -bdf -q1m", log)
        try:
            await_port(port)
            keep("exim-unknown-user", port, "unknown-user@people.example", "FAILURE")
            keep("exim-refused-elsewhere", port, "gone@elsewhere.example", "FAILURE")
        finally:
            server.terminate()
            server.wait(30)


def opensmtpd(sink):
    root, port = unpacked("opensmtpd"), free_port()
    config = WORK / "smtpd.conf"
    config.write_text(f"""
listen on lo port {port} hostname mx.example.net
action "away" relay host smtp://127.0.0.1:{sink} helo mx.example.net
match from any for any action "away"
""")
    script = f"""
        mount -t tmpfs -o mode=0755 tmpfs /var/lib
        mkdir -p /var/lib/opensmtpd/empty
        mount -t tmpfs -o mode=0755 tmpfs /var/spool
        mkdir -p -m 711 /var/spool/smtpd
        exec {root}/usr/sbin/smtpd -d -f {config}
    """
    with open(WORK / "opensmtpd.log", "w") as log:
        server = with_users(script, log)
        try:
            await_port(port)
            keep("opensmtpd-refused-elsewhere", port, "gone@elsewhere.example", "FAILURE")
        finally:
            server.terminate()
            server.wait(30)


def main():
    socketserver.ThreadingTCPServer.allow_reuse_address = True
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Sink) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        for make in (postfix, exim, opensmtpd):
            if len(sys.argv) < 2 or make.__name__ in sys.argv[1:]:
                make(server.server_address[1])
        server.shutdown()
    shutil.rmtree(WORK)


if __name__ == "__main__":
    main()
