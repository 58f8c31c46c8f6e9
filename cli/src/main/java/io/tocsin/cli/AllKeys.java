package io.tocsin.cli;

import io.tocsin.notifier.NotifierKeys;
import io.tocsin.notifier.text.TextKeys;
import io.tocsin.schemas.config.CommonKeys;
import io.tocsin.schemas.config.RegistryKeys;
import io.tocsin.streams.StreamsKeys;
import io.tocsin.streams.dispatcher.DispatcherPart;
import io.tocsin.streams.identifier.IdentifierPart;
import io.tocsin.streams.intake.IntakePart;
import org.apache.kafka.common.config.ConfigDef;

/**
 * Every configuration key that any part knows: one file configures them all, and no part refuses
 * another's keys.
 */
public final class AllKeys {

  private AllKeys() {}

  /** A fresh definition of every key. */
  public static ConfigDef definition() {
    ConfigDef definition = new ConfigDef();
    CommonKeys.define(definition);
    RegistryKeys.define(definition);
    TextKeys.define(definition);
    StreamsKeys.define(definition);
    IntakePart.define(definition);
    IdentifierPart.define(definition);
    DispatcherPart.define(definition);
    NotifierKeys.define(definition);
    CliKeys.define(definition);
    return definition;
  }
}
