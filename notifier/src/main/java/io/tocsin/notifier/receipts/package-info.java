/**
 * What providers say later: tokens that find the delivery again, and the endpoint for Twilio's
 * callbacks.
 */
@NullMarked
package io.tocsin.notifier.receipts;

import org.jspecify.annotations.NullMarked;
