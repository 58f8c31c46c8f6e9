package io.tocsin.schemas.serde;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;

/** What one thread uses again from record to record. */
final class Buffers {

  private static final int INITIAL_BYTES = 512;

  /** A record larger than this gives its buffer back, lest one of them bind memory for ever. */
  private static final int KEPT_BYTES = 64 * 1024;

  private final ArrayDecoder decoder = new ArrayDecoder();
  private ByteArrayOutputStream out = new ByteArrayOutputStream(INITIAL_BYTES);
  private @Nullable BinaryEncoder encoder;

  <T> byte[] write(int id, DatumWriter<T> writer, T record) throws IOException {
    out.write(AvroCodec.MAGIC);
    out.write(id >>> 24);
    out.write(id >>> 16);
    out.write(id >>> 8);
    out.write(id);
    encoder = EncoderFactory.get().binaryEncoder(out, encoder);
    writer.write(record, encoder);
    encoder.flush();
    byte[] bytes = out.toByteArray();
    if (bytes.length > KEPT_BYTES) {
      forget();
    } else {
      out.reset();
    }
    return bytes;
  }

  /** A decoder that stands behind the header. */
  ArrayDecoder decoder(byte[] bytes) {
    return decoder.from(bytes, AvroCodec.HEADER_BYTES);
  }

  /** Drops a half-written record. */
  void forget() {
    out = new ByteArrayOutputStream(INITIAL_BYTES);
    encoder = null;
  }
}
