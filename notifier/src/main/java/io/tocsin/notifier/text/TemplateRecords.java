package io.tocsin.notifier.text;

import io.tocsin.avro.Incident;
import io.tocsin.avro.NoticeTemplate;
import io.tocsin.schemas.catalogue.Catalogue;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

/** Between the notice's texts and the records that carry them and their facts through Kafka. */
public final class TemplateRecords {

  private TemplateRecords() {}

  /** The record of texts that were compiled for an incident version. */
  public static NoticeTemplate record(NoticeTexts texts, Incident incident) {
    return NoticeTemplate.newBuilder()
        .setTemplateId(texts.templateId())
        .setVersion(texts.version())
        .setIncidentId(incident.getIncidentId())
        .setIncidentVersion(incident.getVersion())
        .setDefaultLocale(texts.defaultLocale())
        .setLayout(texts.layout())
        .setGsm7Segments(texts.sms().gsm7Segments())
        .setUcs2Segments(texts.sms().ucs2Segments())
        .setCategoryIds(texts.categoryIds())
        .setLocales(
            texts.locales().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> record(entry.getValue()))))
        .build();
  }

  /** The texts in a record; {@link Renderer#of} checks them. */
  public static NoticeTexts texts(NoticeTemplate template) {
    return new NoticeTexts(
        template.getTemplateId(),
        template.getVersion(),
        template.getDefaultLocale(),
        template.getLayout(),
        new SmsBudget(template.getGsm7Segments(), template.getUcs2Segments()),
        template.getCategoryIds(),
        template.getLocales().entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, entry -> texts(entry.getValue()))));
  }

  /** Key of a template in its topic. */
  public static String key(String templateId, String version) {
    return templateId + '/' + version;
  }

  /** What the publisher of an incident told about it. */
  public static IncidentFacts facts(Incident incident) {
    return new IncidentFacts(
        IncidentKind.valueOf(incident.getKind().name()),
        incident.getOccurredFrom().orElse(null),
        incident.getOccurredUntil().orElse(null),
        incident.getDetectedAt().orElse(null),
        incident.getNarratives().entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, entry -> narrative(entry.getValue()))));
  }

  /** The catalogue's category names in the given languages. */
  public static CategoryNames categoryNames(Catalogue catalogue, Collection<String> locales) {
    return new CategoryNames(
        catalogue.categories().stream().map(Catalogue.Category::id).toList(),
        locales.stream().collect(Collectors.toMap(locale -> locale, catalogue::categoryNames)));
  }

  private static io.tocsin.avro.LocaleTexts record(LocaleTexts texts) {
    return io.tocsin.avro.LocaleTexts.newBuilder()
        .setSubject(texts.subject())
        .setEmail(texts.email())
        .setSms(texts.sms())
        .setMoreCategories(texts.moreCategories())
        .setFacts(texts.facts())
        .setCategoryNames(texts.categoryNames())
        .build();
  }

  private static LocaleTexts texts(io.tocsin.avro.LocaleTexts texts) {
    return new LocaleTexts(
        texts.getSubject(),
        texts.getEmail(),
        texts.getSms(),
        texts.getMoreCategories(),
        texts.getFacts(),
        texts.getCategoryNames());
  }

  private static IncidentFacts.Narrative narrative(io.tocsin.avro.Narrative narrative) {
    return new IncidentFacts.Narrative(
        narrative.getWhatHappened().orElse(null),
        narrative.getConsequences().orElse(null),
        narrative.getWhatWeAreDoing().orElse(null),
        narrative.getWhatYouCanDo().orElse(null));
  }
}
