package io.tocsin.schemas.serde;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.avro.AvroTypeException;
import org.apache.avro.io.Decoder;
import org.apache.avro.util.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * Avro's binary encoding out of an array, believing no length that the array cannot hold.
 *
 * <p>Avro's own decoder (1.12.1) allocates two gigabytes when a corrupt string claims to be that
 * long: one bad record would end the process. Here nothing is allocated beyond the record's own
 * size. The price: array and map items must take at least one byte each, so items of type null or
 * of an empty record are refused; no schema has a use for them.
 */
final class ArrayDecoder extends Decoder {

  private static final int INT_BYTES = 5;
  private static final int LONG_BYTES = 10;

  private byte[] bytes = new byte[0];
  private int at;

  ArrayDecoder from(byte[] source, int offset) {
    bytes = source;
    at = offset;
    return this;
  }

  boolean isEnd() {
    return at == bytes.length;
  }

  @Override
  public void readNull() {}

  @Override
  public boolean readBoolean() throws IOException {
    return bytes[take(1)] == 1;
  }

  @Override
  public int readInt() throws IOException {
    long raw = varint(INT_BYTES);
    int value = (int) raw;
    return (value >>> 1) ^ -(value & 1);
  }

  @Override
  public long readLong() throws IOException {
    long raw = varint(LONG_BYTES);
    return (raw >>> 1) ^ -(raw & 1);
  }

  @Override
  public float readFloat() throws IOException {
    return Float.intBitsToFloat((int) littleEndian(Float.BYTES));
  }

  @Override
  public double readDouble() throws IOException {
    return Double.longBitsToDouble(littleEndian(Double.BYTES));
  }

  @Override
  public Utf8 readString(@Nullable Utf8 old) throws IOException {
    int length = length();
    int start = take(length);
    Utf8 text = old == null ? new Utf8() : old;
    text.setByteLength(length);
    System.arraycopy(bytes, start, text.getBytes(), 0, length);
    return text;
  }

  @Override
  public String readString() throws IOException {
    int length = length();
    return new String(bytes, take(length), length, StandardCharsets.UTF_8);
  }

  @Override
  public void skipString() throws IOException {
    take(length());
  }

  @Override
  public ByteBuffer readBytes(@Nullable ByteBuffer old) throws IOException {
    int length = length();
    ByteBuffer buffer =
        old != null && old.capacity() >= length ? old.clear() : ByteBuffer.allocate(length);
    return buffer.put(bytes, take(length), length).flip();
  }

  @Override
  public void skipBytes() throws IOException {
    take(length());
  }

  @Override
  public void readFixed(byte[] target, int start, int length) throws IOException {
    System.arraycopy(bytes, take(length), target, start, length);
  }

  @Override
  public void skipFixed(int length) throws IOException {
    take(length);
  }

  @Override
  public int readEnum() throws IOException {
    return readInt();
  }

  @Override
  public int readIndex() throws IOException {
    return readInt();
  }

  @Override
  public long readArrayStart() throws IOException {
    return items();
  }

  @Override
  public long arrayNext() throws IOException {
    return items();
  }

  @Override
  public long skipArray() throws IOException {
    return skipSizedBlocks();
  }

  @Override
  public long readMapStart() throws IOException {
    return items();
  }

  @Override
  public long mapNext() throws IOException {
    return items();
  }

  @Override
  public long skipMap() throws IOException {
    return skipSizedBlocks();
  }

  /** The number of items in the next block; a negative count announces the block's size as well. */
  private long items() throws IOException {
    long count = readLong();
    if (count < 0) {
      readLong();
      count = -count;
    }
    return bounded(count);
  }

  /**
   * Skips blocks that announce their size, and returns the item count of the first that does not.
   */
  private long skipSizedBlocks() throws IOException {
    long count = readLong();
    while (count < 0) {
      take(length());
      count = readLong();
    }
    return bounded(count);
  }

  private int length() throws IOException {
    return bounded(readLong());
  }

  private int bounded(long claimed) throws EOFException {
    if (claimed < 0) {
      throw new AvroTypeException("negative length");
    }
    if (claimed > bytes.length - at) {
      throw new EOFException();
    }
    return (int) claimed;
  }

  /** Moves on by {@code length} and returns where it was. */
  private int take(int length) throws EOFException {
    int start = at;
    at += bounded(length);
    return start;
  }

  private long varint(int mostBytes) throws IOException {
    long value = 0;
    for (int n = 0; n < mostBytes; n++) {
      byte next = bytes[take(1)];
      value |= (next & 0x7FL) << (7 * n);
      if (next >= 0) {
        return value;
      }
    }
    throw new AvroTypeException("number too long");
  }

  private long littleEndian(int length) throws IOException {
    int start = take(length);
    long value = 0;
    for (int n = length - 1; n >= 0; n--) {
      value = (value << 8) | (bytes[start + n] & 0xFF);
    }
    return value;
  }
}
