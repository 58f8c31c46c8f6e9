@NullMarked
package io.tocsin.notifier.bounces;

import org.jspecify.annotations.NullMarked;
