package io.tocsin.streams.intake;

import io.tocsin.avro.NoticeTemplate;
import java.util.Objects;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Remembers which templates there are, and which incident version each is for; not their texts. */
final class TemplateProcessor implements Processor<String, NoticeTemplate, Void, Void> {

  private @Nullable KeyValueStore<String, String> templates;

  /** Key of a template. */
  static String key(String templateId, String version) {
    return templateId + '/' + version;
  }

  /** What a template is for. */
  static String incident(String incidentId, int version) {
    return incidentId + '/' + version;
  }

  @Override
  public void init(ProcessorContext<Void, Void> context) {
    templates = context.getStateStore(IntakeTopology.TEMPLATES_STORE);
  }

  @Override
  public void process(Record<String, NoticeTemplate> record) {
    NoticeTemplate template = record.value();
    if (template != null) {
      Objects.requireNonNull(templates)
          .put(
              key(template.getTemplateId(), template.getVersion()),
              incident(template.getIncidentId(), template.getIncidentVersion()));
    }
  }
}
