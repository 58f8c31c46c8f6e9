/**
 * {@code bench/run smtp} and {@code bench/run sms}: from commands in Kafka to outcomes in Kafka.
 */
@NullMarked
package io.tocsin.bench.tell;

import org.jspecify.annotations.NullMarked;
