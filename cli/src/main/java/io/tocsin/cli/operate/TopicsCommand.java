package io.tocsin.cli.operate;

import io.tocsin.cli.CommandGroup;
import io.tocsin.cli.ExitCodes;
import io.tocsin.cli.TocsinCommand;
import io.tocsin.cli.cluster.Cluster;
import io.tocsin.schemas.topic.TopicsApply;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;

/** {@code tocsin topics}. */
@Command(
    name = "topics",
    description = "Creates the topics and their schemas.",
    subcommands = TopicsCommand.Apply.class)
public final class TopicsCommand extends CommandGroup {

  /** {@code tocsin topics apply}. */
  @Command(
      name = "apply",
      description = {
        "Creates every topic that is missing and registers its schema; what is there stays.",
        "Partition counts come from topics.partitions.users and topics.partitions.holdings and are"
            + " fixed from then on."
      })
  static final class Apply extends TocsinCommand {

    @Override
    public Integer call() {
      try (Cluster cluster = Cluster.connect(config())) {
        List<TopicsApply.Applied> applied =
            new TopicsApply(cluster.admin(), cluster.registry(), config()).apply();
        out()
            .rows(
                List.of("topic", "partitions", "created", "schemaId"),
                applied.stream().map(Apply::row).toList(),
                "No topics.");
        return ExitCodes.OK;
      }
    }

    private static Map<String, Object> row(TopicsApply.Applied applied) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("topic", applied.topic());
      row.put("partitions", applied.partitions());
      row.put("created", applied.created());
      row.put("schemaId", applied.schemaId());
      return row;
    }
  }
}
