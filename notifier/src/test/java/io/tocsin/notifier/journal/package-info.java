@NullMarked
package io.tocsin.notifier.journal;

import org.jspecify.annotations.NullMarked;
