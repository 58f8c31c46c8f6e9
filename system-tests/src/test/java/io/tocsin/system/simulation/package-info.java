/**
 * Dispatcher and notifier together, in virtual time and without threads: the real state machines,
 * journals, leases and loops, between a model of Kafka and one of the providers.
 */
@NullMarked
package io.tocsin.system.simulation;

import org.jspecify.annotations.NullMarked;
