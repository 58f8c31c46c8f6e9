@NullMarked
package io.tocsin.notifier.twilio;

import org.jspecify.annotations.NullMarked;
