@NullMarked
package io.tocsin.notifier.smtp;

import org.jspecify.annotations.NullMarked;
