/** {@code bench/run latency}: how soon people are told, and how soon a hold bites. */
@NullMarked
package io.tocsin.bench.latency;

import org.jspecify.annotations.NullMarked;
