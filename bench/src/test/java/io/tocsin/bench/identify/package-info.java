@NullMarked
package io.tocsin.bench.identify;

import org.jspecify.annotations.NullMarked;
