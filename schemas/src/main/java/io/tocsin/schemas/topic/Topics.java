package io.tocsin.schemas.topic;

import static io.tocsin.schemas.topic.Kept.COMPACT;
import static io.tocsin.schemas.topic.Kept.FOR_EVER;
import static io.tocsin.schemas.topic.Kept.LONG;
import static io.tocsin.schemas.topic.Kept.WEEK;
import static io.tocsin.schemas.topic.PartitionGroup.HOLDINGS;
import static io.tocsin.schemas.topic.PartitionGroup.SINGLE;
import static io.tocsin.schemas.topic.PartitionGroup.USERS;

import io.tocsin.avro.AffectedEvent;
import io.tocsin.avro.Answer;
import io.tocsin.avro.Channel;
import io.tocsin.avro.DeadLetter;
import io.tocsin.avro.Decision;
import io.tocsin.avro.DeliveryEvent;
import io.tocsin.avro.DispatchControl;
import io.tocsin.avro.Evidence;
import io.tocsin.avro.Holding;
import io.tocsin.avro.IdentificationProgress;
import io.tocsin.avro.Incident;
import io.tocsin.avro.IncidentProgress;
import io.tocsin.avro.IncidentShard;
import io.tocsin.avro.Notice;
import io.tocsin.avro.NoticeTemplate;
import io.tocsin.avro.SendCommand;
import io.tocsin.avro.User;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serdes;

/** Every topic of Tocsin. */
public final class Topics {

  /** People of the operator; key: user id. */
  public static final Topic<String, User> USERS_TOPIC = topic("users", User.class, USERS, COMPACT);

  /** What datasets held of people; key: {@code dataset/userId}. */
  public static final Topic<String, Holding> HOLDINGS_TOPIC =
      topic("holdings", Holding.class, HOLDINGS, COMPACT);

  /** Incidents, every version; key: incident id. */
  public static final Topic<String, Incident> INCIDENTS =
      topic("incidents", Incident.class, SINGLE, FOR_EVER);

  /** Evidence: users named by an incident's publisher; key: user id. */
  public static final Topic<String, Evidence> INCIDENT_SUBJECTS =
      topic("incident-subjects", Evidence.class, USERS, LONG);

  /** What publishers and operators get back; key: incident id. */
  public static final Topic<String, Answer> INCIDENT_ANSWERS =
      topic("incident-answers", Answer.class, SINGLE, LONG);

  /** Operators' decisions; key: incident id. */
  public static final Topic<String, Decision> DECISIONS =
      topic("decisions", Decision.class, SINGLE, FOR_EVER);

  /** Texts as they were; key: {@code templateId/version}. */
  public static final Topic<String, NoticeTemplate> TEMPLATES =
      topic("templates", NoticeTemplate.class, SINGLE, FOR_EVER);

  /** Internal: accepted incidents, one copy per partition; key: incident id. */
  public static final Topic<String, IncidentShard> INCIDENT_SHARDS =
      topic("incident-shards", IncidentShard.class, HOLDINGS, WEEK);

  /** Internal: accepted incidents and decisions, one copy per partition; key: incident id. */
  public static final Topic<String, DispatchControl> DISPATCH_CONTROL =
      topic("dispatch-control", DispatchControl.class, USERS, FOR_EVER);

  /** Who is affected, and the shards' end markers; key: user id. */
  public static final Topic<String, AffectedEvent> AFFECTED =
      topic("affected", AffectedEvent.class, USERS, LONG);

  /** E-mails to attempt or to ask about; key: user id. */
  public static final Topic<String, SendCommand> SEND_EMAIL =
      topic("send-email", SendCommand.class, USERS, WEEK);

  /** SMS to attempt or to ask about; key: user id. */
  public static final Topic<String, SendCommand> SEND_SMS =
      topic("send-sms", SendCommand.class, USERS, WEEK);

  /** Outcomes and receipts; key: user id. */
  public static final Topic<String, DeliveryEvent> DELIVERY_EVENTS =
      topic("delivery-events", DeliveryEvent.class, USERS, FOR_EVER);

  /** Every transition of every notice; key: notice id. */
  public static final Topic<String, Notice> NOTICES =
      topic("notices", Notice.class, USERS, FOR_EVER);

  /** How far the identifier's shards are; key: {@code incidentId/shard}. */
  public static final Topic<String, IdentificationProgress> IDENTIFICATION_PROGRESS =
      topic("identification-progress", IdentificationProgress.class, SINGLE, COMPACT);

  /** How the dispatcher's partitions stand; key: {@code incidentId/partition}. */
  public static final Topic<String, IncidentProgress> INCIDENT_PROGRESS =
      topic("incident-progress", IncidentProgress.class, SINGLE, COMPACT);

  /** What could not be processed; key: the original key if it is an id, else its hash. */
  public static final Topic<String, DeadLetter> DEAD_LETTERS =
      topic("dead-letters", DeadLetter.class, SINGLE, LONG);

  /** The whole catalogue, in the order of the flow. */
  public static final List<Topic<String, ? extends SpecificRecord>> ALL =
      List.of(
          USERS_TOPIC,
          HOLDINGS_TOPIC,
          INCIDENTS,
          INCIDENT_SUBJECTS,
          INCIDENT_ANSWERS,
          DECISIONS,
          TEMPLATES,
          INCIDENT_SHARDS,
          DISPATCH_CONTROL,
          AFFECTED,
          SEND_EMAIL,
          SEND_SMS,
          DELIVERY_EVENTS,
          NOTICES,
          IDENTIFICATION_PROGRESS,
          INCIDENT_PROGRESS,
          DEAD_LETTERS);

  private Topics() {}

  /** The topic that carries a channel's commands. */
  public static Topic<String, SendCommand> send(Channel channel) {
    return switch (channel) {
      case EMAIL -> SEND_EMAIL;
      case SMS -> SEND_SMS;
    };
  }

  private static <V extends SpecificRecord> Topic<String, V> topic(
      String name, Class<V> type, PartitionGroup group, Kept kept) {
    return new Topic<>("tocsin." + name, Serdes.String(), type, group, kept);
  }
}
