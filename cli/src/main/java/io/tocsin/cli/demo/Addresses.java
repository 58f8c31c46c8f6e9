package io.tocsin.cli.demo;

import io.tocsin.notifier.smtp.SmtpSettings;
import io.tocsin.notifier.twilio.TwilioSettings;
import io.tocsin.schemas.config.CommonKeys;
import io.tocsin.schemas.config.RegistryKeys;
import io.tocsin.schemas.config.TocsinConfig;
import java.util.LinkedHashMap;
import java.util.Map;

/** Where everything of a stack is, for people and programs. */
final class Addresses {

  private Addresses() {}

  /** By name, in the order people ask. */
  static Map<String, Object> of(EmbeddedStack stack, TocsinConfig config) {
    StackPlan plan = stack.plan();
    Map<String, Object> addresses = new LinkedHashMap<>();
    addresses.put("kafka", config.string(CommonKeys.BOOTSTRAP_SERVERS));
    addresses.put("registry", config.string(RegistryKeys.URL));
    addresses.put(
        "smtp", config.string(SmtpSettings.HOST) + ":" + config.integer(SmtpSettings.PORT));
    addresses.put("twilio", config.string(TwilioSettings.BASE_URL));
    addresses.put("streams", health(plan.port(StackPlan.STREAMS)));
    addresses.put("notifier", health(plan.port(StackPlan.NOTIFIER)));
    plan.mailDir().ifPresent(folder -> addresses.put("mailDir", folder.toString()));
    plan.smsLog().ifPresent(file -> addresses.put("smsLog", file.toString()));
    addresses.put("config", plan.data().properties().toString());
    addresses.put("keys", plan.files().keys().toString());
    addresses.put("logs", plan.data().logs().toString());
    addresses.put("pids", stack.pids());
    return addresses;
  }

  private static String health(int port) {
    return "http://127.0.0.1:" + port + "/health/ready";
  }
}
