/**
 * E-mail addresses and phone numbers in clear: parsed, normalised, and redacted wherever they could
 * be printed.
 */
@NullMarked
package io.tocsin.schemas.contact;

import org.jspecify.annotations.NullMarked;
