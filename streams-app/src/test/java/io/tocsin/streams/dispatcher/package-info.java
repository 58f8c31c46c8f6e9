@NullMarked
package io.tocsin.streams.dispatcher;

import org.jspecify.annotations.NullMarked;
