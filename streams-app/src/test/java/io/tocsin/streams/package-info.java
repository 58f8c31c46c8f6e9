@NullMarked
package io.tocsin.streams;

import org.jspecify.annotations.NullMarked;
