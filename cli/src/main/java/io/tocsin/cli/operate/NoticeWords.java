package io.tocsin.cli.operate;

import io.tocsin.avro.Incident;
import io.tocsin.avro.NoticeTemplate;
import io.tocsin.cli.Catalogues;
import io.tocsin.notifier.text.NoticeCompiler;
import io.tocsin.notifier.text.NoticeTexts;
import io.tocsin.notifier.text.Renderer;
import io.tocsin.notifier.text.TemplateFolder;
import io.tocsin.notifier.text.TemplateRecords;
import io.tocsin.notifier.text.TextKeys;
import io.tocsin.schemas.catalogue.Catalogue;
import io.tocsin.schemas.config.TocsinConfig;

/**
 * An incident's notice in words: what an approval approves.
 *
 * @param template the record that the templates topic will hold
 * @param renderer renders it exactly as the notifier does
 */
public record NoticeWords(NoticeTemplate template, Renderer renderer, Catalogue catalogue) {

  /**
   * Compiles the operator's template for an incident.
   *
   * @throws io.tocsin.notifier.text.TemplateException naming everything that is wrong with the
   *     words
   */
  public static NoticeWords compile(TocsinConfig config, Incident incident) {
    Catalogue catalogue = Catalogues.of(config);
    TemplateFolder folder = TextKeys.templates(config);
    NoticeTexts texts =
        new NoticeCompiler(TextKeys.settings(config))
            .compile(
                folder,
                TemplateRecords.facts(incident),
                TextKeys.controller(config),
                TemplateRecords.categoryNames(catalogue, folder.locales()));
    return new NoticeWords(TemplateRecords.record(texts, incident), Renderer.of(texts), catalogue);
  }

  /** The template's key in its topic. */
  public String key() {
    return TemplateRecords.key(template.getTemplateId(), template.getVersion());
  }
}
