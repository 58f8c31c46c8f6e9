@NullMarked
package io.tocsin.notifier.run;

import org.jspecify.annotations.NullMarked;
