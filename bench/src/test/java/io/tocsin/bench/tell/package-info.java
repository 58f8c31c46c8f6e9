@NullMarked
package io.tocsin.bench.tell;

import org.jspecify.annotations.NullMarked;
