package io.tocsin.cli;

import io.tocsin.cli.demo.DemoCommand;
import io.tocsin.cli.demo.UpCommand;
import io.tocsin.cli.imports.HoldingsCommand;
import io.tocsin.cli.imports.UsersCommand;
import io.tocsin.cli.operate.DeadLettersCommand;
import io.tocsin.cli.operate.DoctorCommand;
import io.tocsin.cli.operate.IncidentCommand;
import io.tocsin.cli.operate.KeysCommand;
import io.tocsin.cli.operate.NoticeCommand;
import io.tocsin.cli.operate.SubstitutesCommand;
import io.tocsin.cli.operate.TopicsCommand;
import io.tocsin.cli.parts.DispatcherCommand;
import io.tocsin.cli.parts.IdentifierCommand;
import io.tocsin.cli.parts.IntakeCommand;
import io.tocsin.cli.parts.NotifierCommand;
import io.tocsin.cli.parts.StreamsCommand;
import io.tocsin.cli.stack.BrokerCommand;
import io.tocsin.cli.stack.MailSinkCommand;
import io.tocsin.cli.stack.TwilioStandInCommand;
import io.tocsin.schemas.config.TocsinConfig;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The {@code tocsin} command. */
@Command(
    name = "tocsin",
    description = "Turns one security incident into one proven notice for every person it touched.",
    versionProvider = Main.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    usageHelpAutoWidth = true,
    subcommands = {
      // One a line, in the order in which an operator meets them.
      UpCommand.class,
      DemoCommand.class,
      TopicsCommand.class,
      KeysCommand.class,
      UsersCommand.class,
      HoldingsCommand.class,
      IncidentCommand.class,
      NoticeCommand.class,
      SubstitutesCommand.class,
      DeadLettersCommand.class,
      ConfigCommand.class,
      DoctorCommand.class,
      IntakeCommand.class,
      IdentifierCommand.class,
      DispatcherCommand.class,
      NotifierCommand.class,
      StreamsCommand.class,
      BrokerCommand.class,
      MailSinkCommand.class,
      TwilioStandInCommand.class,
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:failed, or not all of it was done",
      "2:the command line, the configuration or an input file is wrong",
      "3:refused by policy"
    })
public final class Main extends CommandGroup {

  /** Names the file when {@code --config} does not. */
  static final String CONFIG_VARIABLE = "TOCSIN_CONFIG";

  @Option(
      names = "--config",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = "Properties file; TOCSIN_CONFIG names it otherwise.")
  private @Nullable Path configFile;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      scope = ScopeType.INHERIT,
      description = "Overrides one key of the configuration; may be repeated.")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Option(
      names = "--output",
      paramLabel = "FORMAT",
      scope = ScopeType.INHERIT,
      defaultValue = "table",
      description = "table or json (one value a line).")
  private Output.Format format = Output.Format.TABLE;

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Shows where an error comes from.")
  private boolean verbose;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Shows this.")
  @SuppressWarnings("UnusedVariable") // picocli reads it
  private boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Shows the version.")
  @SuppressWarnings("UnusedVariable") // picocli reads it
  private boolean version;

  private final Map<String, String> environment;

  private @Nullable TocsinConfig loaded;

  /**
   * The command for an environment.
   *
   * @param environment the process's environment
   */
  public Main(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  /** Runs the command line and ends the process with its exit code. */
  public static void main(String[] arguments) {
    System.exit(commandLine(System.getenv()).execute(arguments));
  }

  /** The command line, ready to execute; tests give it their own writers. */
  public static CommandLine commandLine(Map<String, String> environment) {
    Main main = new Main(environment);
    CommandLine line =
        new CommandLine(main)
            .setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8))
            .setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8))
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setAbbreviatedOptionsAllowed(false)
            .setExecutionExceptionHandler(
                (failure, command, parsed) -> main.report(failure, command))
            .setParameterExceptionHandler((failure, wrong) -> {
              CommandLine command = failure.getCommandLine();
              command.getErr().println("tocsin: " + failure.getMessage());
              command
                  .getErr()
                  .println("Try `" + command.getCommandSpec().qualifiedName() + " --help`.");
              return ExitCodes.USAGE;
            });
    return line;
  }

  /** The effective configuration. */
  TocsinConfig config() {
    TocsinConfig known = loaded;
    if (known == null) {
      known = TocsinConfig.load(AllKeys.definition(), configFile(), environment, settings);
      loaded = known;
    }
    return known;
  }

  /** The properties file, if one is named. */
  public @Nullable Path configFile() {
    if (configFile != null) {
      return configFile;
    }
    String named = environment.get(CONFIG_VARIABLE);
    return named == null || named.isBlank() ? null : Path.of(named);
  }

  /** What {@code --set} overrides. */
  public Map<String, String> settings() {
    return Map.copyOf(settings);
  }

  /** The process's environment. */
  public Map<String, String> environment() {
    return environment;
  }

  /** How to print. */
  public Output.Format format() {
    return format;
  }

  private int report(Exception failure, CommandLine command) {
    PrintWriter err = command.getErr();
    err.println("tocsin: " + Sentences.of(failure));
    if (verbose) {
      failure.printStackTrace(err);
    }
    err.flush();
    return Sentences.exitCode(failure);
  }

  /** The version from the manifest. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"tocsin " + (version == null ? "(unpackaged)" : version)};
    }
  }
}
