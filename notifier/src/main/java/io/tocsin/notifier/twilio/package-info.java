/** SMS over Twilio's REST API: exactly one POST for an attempt. */
@NullMarked
package io.tocsin.notifier.twilio;

import org.jspecify.annotations.NullMarked;
