@NullMarked
package io.tocsin.broker;

import org.jspecify.annotations.NullMarked;
