package io.tocsin.notifier.text;

import java.util.Map;

/**
 * The words of one incident's notices in one language: all that differs between two people is left
 * out.
 *
 * @param subject the template of the subject
 * @param email the template of the e-mail
 * @param sms the template of the SMS
 * @param moreCategories what follows a shortened list, with <code>{{count}}</code> for the number
 *     left out
 * @param facts the values of the templates' names; an optional one that is unknown is absent
 * @param categoryNames plain names by category id
 */
public record LocaleTexts(
    String subject,
    String email,
    String sms,
    String moreCategories,
    Map<String, String> facts,
    Map<String, String> categoryNames) {

  public LocaleTexts {
    facts = Map.copyOf(facts);
    categoryNames = Map.copyOf(categoryNames);
  }
}
