@NullMarked
package io.tocsin.streams.identifier;

import org.jspecify.annotations.NullMarked;
