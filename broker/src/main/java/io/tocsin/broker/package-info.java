/** A Kafka broker and its controller in the running JVM, for the embedded stack and for tests. */
@NullMarked
package io.tocsin.broker;

import org.jspecify.annotations.NullMarked;
