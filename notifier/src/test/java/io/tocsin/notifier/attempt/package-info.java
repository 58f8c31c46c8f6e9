@NullMarked
package io.tocsin.notifier.attempt;

import org.jspecify.annotations.NullMarked;
