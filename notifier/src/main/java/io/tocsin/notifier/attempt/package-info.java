/**
 * One attempt, from a command to its outcome: who may start it, what it led to, and when a provider
 * is left alone.
 *
 * <p>Kafka and the providers' protocols are elsewhere.
 */
@NullMarked
package io.tocsin.notifier.attempt;

import org.jspecify.annotations.NullMarked;
