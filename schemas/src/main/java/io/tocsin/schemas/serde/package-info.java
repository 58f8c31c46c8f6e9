/**
 * Avro records in the Confluent wire format, on the Confluent Schema Registry client.
 *
 * <p>{@link io.tocsin.schemas.serde.Registry} holds the connection, {@link
 * io.tocsin.schemas.serde.AvroCodec} turns one type into bytes and back, {@link
 * io.tocsin.schemas.serde.AvroSerde} hands a codec to Kafka. Failures tell the record's fault
 * ({@link io.tocsin.schemas.serde.UnreadableRecordException}: dead-letter it) from the registry's
 * ({@link io.tocsin.schemas.serde.RegistryException}: keep the record).
 */
@NullMarked
package io.tocsin.schemas.serde;

import org.jspecify.annotations.NullMarked;
