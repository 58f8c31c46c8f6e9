@NullMarked
package io.tocsin.streams.intake;

import org.jspecify.annotations.NullMarked;
