/**
 * The intent journal of a partition of commands: what may have been started, and what is finished.
 *
 * <p>Plain classes without a Kafka client. The journal is kept in the metadata of the group's
 * committed offset, so that whoever owns the partition next reads it together with the offset.
 */
@NullMarked
package io.tocsin.notifier.journal;

import org.jspecify.annotations.NullMarked;
