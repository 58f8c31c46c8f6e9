package io.tocsin.cli.stack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The append-only file behind a {@link TwilioStandIn}: one JSON object a line.
 *
 * <p>{@code {"event":"accepted","sid","to","from","body","segments","at"}}, with {@code service}
 * and {@code callback} where given, then {@code {"event":"status","sid","status","at"}} with {@code
 * errorCode} where there is one. A line is in the file, whole, when its append returns; a kill can
 * at most leave a torn last line, which was never answered and is cut off at the next start.
 */
final class SmsLog implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final FileChannel channel;
  private final ReentrantLock lock = new ReentrantLock();
  private long end;

  private SmsLog(FileChannel channel) {
    this.channel = channel;
  }

  /** Is told every event in the file, in order. */
  interface Replay {

    /** A message whose line starts at {@code offset}. */
    void accepted(SmsMessage message, long offset);

    void status(String sid, SmsStatus status, int errorCode, Instant at);
  }

  /**
   * Opens the file, creating it if missing, and replays it.
   *
   * @throws IOException if it cannot be read, or holds a line that is not an event
   */
  static SmsLog open(Path file, Replay replay) throws IOException {
    var parent = file.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    var channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    var log = new SmsLog(channel);
    try {
      log.replay(replay);
      channel.truncate(log.end);
      return log;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private void replay(Replay replay) throws IOException {
    channel.position(0);
    var in = new BufferedInputStream(Channels.newInputStream(channel), 1 << 16);
    var line = new ByteArrayOutputStream(1024);
    for (int b = in.read(); b >= 0; b = in.read()) {
      if (b != '\n') {
        line.write(b);
        continue;
      }
      tell(JSON.readTree(line.toByteArray()), replay);
      end += line.size() + 1L;
      line.reset();
    }
  }

  private void tell(JsonNode event, Replay replay) throws IOException {
    switch (event.path("event").asText()) {
      case "accepted" -> replay.accepted(message(event), end);
      case "status" ->
          replay.status(
              event.path("sid").asText(),
              SmsStatus.valueOf(event.path("status").asText().toUpperCase(Locale.ROOT)),
              event.path("errorCode").asInt(),
              Instant.parse(event.path("at").asText()));
      default -> throw new IOException("the SMS log holds an unknown event at byte " + end);
    }
  }

  /**
   * Appends a message.
   *
   * @return where its line starts, for {@link #read}
   */
  long accepted(SmsMessage message) throws IOException {
    var event = JSON.createObjectNode();
    event.put("event", "accepted");
    event.put("sid", message.sid());
    event.put("to", message.to());
    event.put("from", message.from());
    event.put("body", message.body());
    event.put("segments", message.segments());
    event.put("at", message.at().toString());
    if (message.service() != null) {
      event.put("service", message.service());
    }
    if (message.callback() != null) {
      event.put("callback", message.callback());
    }
    return append(event);
  }

  /** Appends a change of status; {@code errorCode} 0 means none. */
  void status(String sid, SmsStatus status, int errorCode, Instant at) throws IOException {
    var event = JSON.createObjectNode();
    event.put("event", "status");
    event.put("sid", sid);
    event.put("status", status.wireName());
    event.put("at", at.toString());
    if (errorCode != 0) {
      event.put("errorCode", errorCode);
    }
    append(event);
  }

  /** Reads back the message whose line starts at {@code offset}. */
  SmsMessage read(long offset) throws IOException {
    var line = new ByteArrayOutputStream(1024);
    var buffer = ByteBuffer.allocate(1024);
    for (long at = offset; channel.read(buffer.clear(), at) > 0; at += buffer.limit()) {
      buffer.flip();
      while (buffer.hasRemaining()) {
        byte b = buffer.get();
        if (b == '\n') {
          return message(JSON.readTree(line.toByteArray()));
        }
        line.write(b);
      }
    }
    throw new IOException("the SMS log ends inside the line at byte " + offset);
  }

  private long append(ObjectNode event) throws IOException {
    var bytes = ByteBuffer.wrap((event + "\n").getBytes(StandardCharsets.UTF_8));
    lock.lock();
    try {
      long start = end;
      while (bytes.hasRemaining()) {
        channel.write(bytes, start + bytes.position());
      }
      end = start + bytes.limit();
      return start;
    } finally {
      lock.unlock();
    }
  }

  private static SmsMessage message(JsonNode event) {
    return new SmsMessage(
        event.path("sid").asText(),
        event.path("to").asText(),
        event.path("from").asText(),
        text(event, "service"),
        event.path("body").asText(),
        event.path("segments").asInt(),
        text(event, "callback"),
        Instant.parse(event.path("at").asText()));
  }

  private static @Nullable String text(JsonNode event, String field) {
    return event.hasNonNull(field) ? event.path(field).asText() : null;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
