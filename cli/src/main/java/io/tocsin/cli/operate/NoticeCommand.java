package io.tocsin.cli.operate;

import io.tocsin.cli.CommandGroup;
import picocli.CommandLine.Command;

/** {@code tocsin notice}. */
@Command(
    name = "notice",
    description = "Finds notices and shows what became of them.",
    subcommands = {NoticeFindCommand.class, NoticeShowCommand.class})
public final class NoticeCommand extends CommandGroup {}
