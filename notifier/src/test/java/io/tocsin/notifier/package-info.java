@NullMarked
package io.tocsin.notifier;

import org.jspecify.annotations.NullMarked;
