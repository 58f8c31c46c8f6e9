/** The loops that take commands from Kafka, keep the journal, and write outcomes back. */
@NullMarked
package io.tocsin.notifier.run;

import org.jspecify.annotations.NullMarked;
