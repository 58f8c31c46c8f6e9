package io.tocsin.cli.stack;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The JSON shapes of Twilio's 2010-04-01 API: a message, a page of messages, an error. */
final class TwilioJson {

  static final String API_VERSION = "2010-04-01";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final DateTimeFormatter RFC_2822 =
      DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss Z", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private final String accountSid;

  TwilioJson(String accountSid) {
    this.accountSid = accountSid;
  }

  String messagesPath() {
    return "/" + API_VERSION + "/Accounts/" + accountSid + "/Messages";
  }

  ObjectNode message(SmsMessage message, SmsStore.State state) {
    var path = messagesPath() + "/" + message.sid();
    var json = JSON.createObjectNode();
    json.put("account_sid", accountSid);
    json.put("api_version", API_VERSION);
    json.put("body", message.body());
    json.put("date_created", date(message.at()));
    json.put("date_sent", date(state.sentAt()));
    json.put("date_updated", date(state.updatedAt()));
    json.put("direction", "outbound-api");
    if (state.errorCode() == 0) {
      json.putNull("error_code");
      json.putNull("error_message");
    } else {
      json.put("error_code", state.errorCode());
      json.put("error_message", "Undelivered");
    }
    json.put("from", message.from().isEmpty() ? null : message.from());
    json.put("messaging_service_sid", message.service());
    json.put("num_media", "0");
    json.put("num_segments", Integer.toString(message.segments()));
    json.putNull("price");
    json.put("price_unit", "USD");
    json.put("sid", message.sid());
    json.put("status", state.status().wireName());
    json.putObject("subresource_uris").put("media", path + "/Media.json");
    json.put("to", message.to());
    json.put("uri", path + ".json");
    return json;
  }

  ObjectNode page(SmsQuery query, SmsQuery.Page page) {
    var json = JSON.createObjectNode();
    var list = messagesPath() + ".json?";
    json.put("first_page_uri", list + query.queryString(0, null));
    json.put("uri", list + query.queryString(query.page(), null));
    json.put("page", query.page());
    json.put("page_size", query.pageSize());
    json.put("start", query.page() * query.pageSize());
    json.put("end", query.page() * query.pageSize() + Math.max(0, page.messages().size() - 1));
    json.putNull("previous_page_uri");
    json.put(
        "next_page_uri",
        page.nextToken() == null
            ? null
            : list + query.queryString(query.page() + 1, page.nextToken()));
    var messages = json.putArray("messages");
    page.messages().forEach(found -> messages.add(message(found.message(), found.state())));
    return json;
  }

  static ObjectNode fault(TwilioFault fault) {
    var json = JSON.createObjectNode();
    json.put("code", fault.code());
    json.put("message", fault.message());
    json.put("more_info", "https://www.twilio.com/docs/errors/" + fault.code());
    json.put("status", fault.httpStatus());
    return json;
  }

  private static @Nullable String date(@Nullable Instant at) {
    return at == null ? null : RFC_2822.format(at);
  }
}
