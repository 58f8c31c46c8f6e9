@NullMarked
package io.tocsin.bench.latency;

import org.jspecify.annotations.NullMarked;
