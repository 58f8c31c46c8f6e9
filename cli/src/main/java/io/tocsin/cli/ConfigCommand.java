package io.tocsin.cli;

import io.tocsin.schemas.config.TocsinConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.types.Password;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tocsin config}. */
@Command(
    name = "config",
    description = {
      "Shows every configuration key: its value here, its default and its meaning. Secrets are"
          + " hidden.",
      "Keys that begin with kafka. or streams. are handed to Kafka's clients without that prefix."
    })
public final class ConfigCommand extends TocsinCommand {

  @Option(
      names = "--markdown",
      description =
          "Prints the reference of all keys, as docs/configuration.md has it, without values.")
  private boolean markdown;

  @Override
  public Integer call() {
    if (markdown) {
      out().say(reference(AllKeys.definition()).stripTrailing());
      return ExitCodes.OK;
    }
    TocsinConfig config = config();
    Map<String, ConfigKey> keys = AllKeys.definition().configKeys();
    List<Map<String, Object>> rows = new ArrayList<>();
    config
        .redacted()
        .forEach((name, value) -> {
          Map<String, Object> row = new LinkedHashMap<>();
          row.put("key", name);
          row.put("value", value);
          ConfigKey key = keys.get(name);
          row.put("default", key == null ? "" : defaultOf(key));
          row.put("meaning", key == null ? "handed through" : key.documentation);
          rows.add(row);
        });
    out().rows(List.of("key", "value", "default", "meaning"), rows, "No keys.");
    return ExitCodes.OK;
  }

  /** The reference of all keys in Markdown. */
  static String reference(ConfigDef definition) {
    StringBuilder text =
        new StringBuilder(
            """
            # Configuration

            One properties file in Kafka's style (`--config FILE` or `TOCSIN_CONFIG`) configures every part and command. What overrides
            what, strongest first: `--set KEY=VALUE`; the environment, where `smtp.host` is `TOCSIN_SMTP_HOST`; the file; the default.
            An unknown key is refused. Keys that begin with `kafka.` go to every Kafka client without that prefix, keys that begin with
            `streams.` to Kafka Streams. Values may refer to secrets by Kafka's ConfigProviders (`config.providers`). `./tocsin config`
            shows the effective values.

            Made by `./tocsin config --markdown`.

            | key | default | meaning |
            |---|---|---|
            """);
    SortedMap<String, ConfigKey> sorted = new TreeMap<>(definition.configKeys());
    sorted.forEach((name, key) -> {
      String value = defaultOf(key);
      text.append("| `")
          .append(name)
          .append("` | ")
          .append(value.isEmpty() ? "" : "`" + value + "`")
          .append(" | ")
          .append(key.documentation.replace("|", "\\|"))
          .append(" |\n");
    });
    return text.toString();
  }

  private static String defaultOf(ConfigKey key) {
    Object value = key.defaultValue;
    if (value == null || ConfigDef.NO_DEFAULT_VALUE.equals(value) || value instanceof Password) {
      return "";
    }
    return value instanceof List<?> list
        ? String.join(",", list.stream().map(String::valueOf).toList())
        : value.toString();
  }
}
