package io.tocsin.notifier.text;

import java.time.ZoneId;

/**
 * How an operator's notices are worded, beyond their templates.
 *
 * @param defaultLocale the language of people whose own language the template has not
 * @param zone the time zone in which dates are told
 * @param sms how many segments an SMS may take
 */
public record TextSettings(String defaultLocale, ZoneId zone, SmsBudget sms) {}
