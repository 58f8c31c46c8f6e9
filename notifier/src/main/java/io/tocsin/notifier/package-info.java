/** The notifier as a part: its settings, its start and its stop. */
@NullMarked
package io.tocsin.notifier;

import org.jspecify.annotations.NullMarked;
