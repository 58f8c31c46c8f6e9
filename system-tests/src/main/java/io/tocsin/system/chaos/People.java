package io.tocsin.system.chaos;

import io.tocsin.avro.Channel;
import io.tocsin.schemas.id.NoticeIds;
import java.util.List;

/**
 * The people of a run, by number. Ids and contacts are made from the number and lead back to it, so
 * nothing about anybody needs to be kept.
 *
 * @param incidentId what they are told of
 * @param count how many there are
 */
record People(String incidentId, int count) {

  private static final String USER = "chaos-";
  private static final String MAILBOX = "person";
  private static final String DOMAIN = "@example.com";
  private static final String COUNTRY = "+9997";
  private static final int FIRST_NUMBER = 10_000_000;
  private static final List<String> LOCALES = List.of("en", "ru", "kk");

  String userId(int person) {
    return USER + person;
  }

  String email(int person) {
    return MAILBOX + person + DOMAIN;
  }

  String phone(int person) {
    return COUNTRY + (FIRST_NUMBER + person);
  }

  String locale(int person) {
    return LOCALES.get(person % LOCALES.size());
  }

  String reference(int person) {
    return NoticeIds.reference(noticeId(person));
  }

  String deliveryId(int person, Channel channel) {
    return NoticeIds.deliveryId(noticeId(person), channel);
  }

  int ofUserId(String userId) {
    return number(userId, USER.length(), userId.length(), 0);
  }

  int ofEmail(String email) {
    return number(email, MAILBOX.length(), email.length() - DOMAIN.length(), 0);
  }

  int ofPhone(String phone) {
    return number(phone, COUNTRY.length(), phone.length(), FIRST_NUMBER);
  }

  private String noticeId(int person) {
    return NoticeIds.noticeId(incidentId, userId(person), 1);
  }

  private int number(String text, int from, int until, int first) {
    int person = Integer.parseInt(text, from, until, 10) - first;
    if (person < 0 || person >= count) {
      throw new IllegalArgumentException("nobody has the number " + person);
    }
    return person;
  }
}
