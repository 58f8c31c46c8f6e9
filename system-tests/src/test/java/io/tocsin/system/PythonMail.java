package io.tocsin.system;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Reads a folder of messages with Python's {@code email}: a parser of another make, which names
 * every defect it meets.
 */
final class PythonMail {

  private static final String PROGRAM =
      """
      import email, email.policy, json, pathlib, sys
      count, defects, ids, languages = 0, [], [], {}
      for file in pathlib.Path(sys.argv[1]).glob('[!.]*/*.eml'):
          message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
          count += 1
          for part in message.walk():
              defects += [file.name + ': ' + type(defect).__name__ for defect in part.defects]
              for name, value in part.items():
                  defects += [file.name + ': ' + name + ': ' + type(defect).__name__
                              for defect in getattr(value, 'defects', ())]
              if part.get_content_maintype() == 'text' and not part.get_content().strip():
                  defects.append(file.name + ': empty ' + part.get_content_type())
          ids.append(str(message['message-id']))
          language = str(message['content-language'])
          languages[language] = languages.get(language, 0) + 1
      print(json.dumps({'count': count, 'distinct': len(set(ids)), 'defects': defects[:20],
                        'languages': languages}))
      """;

  private PythonMail() {}

  /** Whether this machine has Python 3. */
  static boolean isThere() throws InterruptedException {
    try {
      return run("-c", "import email.policy").waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** {@code count}, {@code distinct} Message-IDs, {@code defects}, {@code languages}. */
  static JsonNode read(Path folder) throws IOException, InterruptedException {
    Process python = run("-c", PROGRAM, folder.toString());
    String answer = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!python.waitFor(60, TimeUnit.SECONDS) || python.exitValue() != 0) {
      throw new AssertionError("Python cannot read the messages");
    }
    return Json.read(answer);
  }

  private static Process run(String... arguments) throws IOException {
    String[] command = new String[arguments.length + 1];
    command[0] = "python3";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }
}
