package io.tocsin.streams.intake;

import io.tocsin.avro.Answer;
import io.tocsin.avro.Decision;
import io.tocsin.avro.DispatchControl;
import io.tocsin.avro.IncidentShard;
import io.tocsin.streams.intake.Verdict.Effect;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers decisions, and copies those it accepts to every partition of users. An approval that
 * lacks nothing but its template waits for it: the template comes by another topic, and nothing
 * orders the two.
 */
final class DecisionProcessor implements Processor<String, Decision, String, SpecificRecord> {

  private static final Logger log = LoggerFactory.getLogger(DecisionProcessor.class);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

  private final DecisionValidator validator;
  private final IntakeSettings settings;
  private final Map<String, Instant> waitingSince = new HashMap<>();
  private @Nullable ProcessorContext<String, SpecificRecord> context;
  private @Nullable KeyValueStore<String, IncidentShard> incidents;
  private @Nullable KeyValueStore<String, Decision> decisions;
  private @Nullable KeyValueStore<String, Decision> waiting;
  private @Nullable KeyValueStore<String, String> templates;

  DecisionProcessor(IntakeSettings settings) {
    this.settings = settings;
    this.validator = new DecisionValidator(settings.approvalRequired());
  }

  @Override
  public void init(ProcessorContext<String, SpecificRecord> context) {
    this.context = context;
    incidents = context.getStateStore(IntakeTopology.INCIDENTS_STORE);
    decisions = context.getStateStore(IntakeTopology.DECISIONS_STORE);
    waiting = context.getStateStore(IntakeTopology.WAITING_STORE);
    templates = context.getStateStore(IntakeTopology.TEMPLATES_STORE);
    waitingSince.clear();
    for (Decision decision : allWaiting()) {
      waitingSince.put(decision.getDecisionId(), now());
    }
    context.schedule(LOOK_AGAIN, PunctuationType.WALL_CLOCK_TIME, timestamp -> lookAgain());
  }

  @Override
  public void process(Record<String, Decision> record) {
    Decision decision = record.value();
    if (decision == null) {
      log.atWarn().log("Decision without value ignored: decisions are never taken back");
      return;
    }
    Verdict verdict = verdict(record.key(), decision, hasTemplate(decision));
    if (verdict.effect() == Effect.REFUSED
        && namesTemplate(decision)
        && !hasTemplate(decision)
        && verdict(record.key(), decision, true).effect() == Effect.ACCEPTED) {
      Objects.requireNonNull(waiting).put(decision.getDecisionId(), decision);
      waitingSince.put(decision.getDecisionId(), now());
      return;
    }
    settle(record.key(), decision, verdict);
  }

  private void lookAgain() {
    if (waitingSince.isEmpty()) {
      return;
    }
    for (Decision decision : allWaiting()) {
      String id = decision.getDecisionId();
      boolean hasTemplate = hasTemplate(decision);
      Instant until = waitingSince.getOrDefault(id, Instant.EPOCH).plus(settings.templateWait());
      if (hasTemplate || !now().isBefore(until)) {
        Objects.requireNonNull(waiting).delete(id);
        waitingSince.remove(id);
        String key = decision.getIncidentId();
        settle(key, decision, verdict(key, decision, hasTemplate));
      }
    }
  }

  private void settle(@Nullable String key, Decision decision, Verdict verdict) {
    long at = now().toEpochMilli();
    Answer answer = Answers.decision(key, decision, verdict, now());
    if (verdict.effect() == Effect.ACCEPTED) {
      Objects.requireNonNull(decisions).put(decision.getDecisionId(), decision);
      context()
          .forward(
              new Record<>(
                  decision.getIncidentId(),
                  DispatchControl.newBuilder().setBody(decision).build(),
                  at),
              IntakeTopology.DISPATCH_CONTROL_SINK);
    }
    context()
        .forward(new Record<>(answer.getIncidentId(), answer, at), IntakeTopology.ANSWERS_SINK);
    // Somebody waits for it: it goes out at once.
    context().commit();
    log.atInfo()
        .addKeyValue("incidentId", answer.getIncidentId())
        .addKeyValue("kind", decision.getKind())
        .addKeyValue("effect", verdict.effect())
        .addKeyValue("reasons", verdict.reasons().size())
        .log("Decision answered");
  }

  private Verdict verdict(@Nullable String key, Decision decision, boolean hasTemplate) {
    return validator.validate(
        key,
        decision,
        Optional.ofNullable(Objects.requireNonNull(incidents).get(decision.getIncidentId())),
        Optional.ofNullable(Objects.requireNonNull(decisions).get(decision.getDecisionId())),
        hasTemplate);
  }

  private boolean hasTemplate(Decision decision) {
    return namesTemplate(decision)
        && TemplateProcessor.incident(decision.getIncidentId(), decision.getIncidentVersion())
            .equals(
                Objects.requireNonNull(templates)
                    .get(
                        TemplateProcessor.key(
                            decision.getTemplateId().orElseThrow(),
                            decision.getTemplateVersion().orElseThrow())));
  }

  private static boolean namesTemplate(Decision decision) {
    return decision.getTemplateId().isPresent() && decision.getTemplateVersion().isPresent();
  }

  private List<Decision> allWaiting() {
    List<Decision> found = new ArrayList<>();
    try (KeyValueIterator<String, Decision> all = Objects.requireNonNull(waiting).all()) {
      while (all.hasNext()) {
        KeyValue<String, Decision> each = all.next();
        found.add(each.value);
      }
    }
    return found;
  }

  private Instant now() {
    return Instant.ofEpochMilli(context().currentSystemTimeMs());
  }

  private ProcessorContext<String, SpecificRecord> context() {
    return Objects.requireNonNull(context);
  }
}
