package io.tocsin.cli.demo;

import io.tocsin.cli.stack.DataDir;
import java.nio.file.Path;

/**
 * What lies beside a data folder, never in it: keys, and sample files, which hold addresses. So the
 * folder can be handed to anybody without a contact in clear but those that the mail sink and the
 * Twilio stand-in kept.
 *
 * @param data the data folder
 */
record DemoFiles(DataDir data) {

  /** The keys. */
  Path keys() {
    return beside(".keys");
  }

  /** Sample files. */
  Path sample() {
    return beside(".sample");
  }

  /** The people a demo's incident must reach. */
  Path expected() {
    return sample().resolve("expected.jsonl");
  }

  private Path beside(String suffix) {
    return data.root().resolveSibling(data.root().getFileName() + suffix);
  }
}
