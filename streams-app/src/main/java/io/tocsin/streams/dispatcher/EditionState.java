package io.tocsin.streams.dispatcher;

import io.tocsin.avro.Channel;
import io.tocsin.avro.DeliveryState;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One edition of a notice.
 *
 * @param number from 1
 * @param noticeId the notice's id
 * @param version the incident version it is sent for
 * @param locale the language of its messages
 * @param categories what it names, in the catalogue's order
 * @param texts which texts; null while no approval names any
 * @param deliveries one per channel
 * @param substitute why the person is on the substitute-notice list; null when not on it
 * @param closed why nothing more of it goes out; null while something may
 */
record EditionState(
    int number,
    String noticeId,
    int version,
    String locale,
    List<String> categories,
    @Nullable Texts texts,
    List<ChannelDelivery> deliveries,
    @Nullable String substitute,
    @Nullable Closure closed) {

  /** Every channel was tried in vain. */
  static final String UNREACHABLE = "unreachable";

  /**
   * Which texts.
   *
   * @param templateId the notice template
   * @param templateVersion its version
   */
  record Texts(String templateId, String templateVersion) {}

  /** Whether anything of it may have gone out. */
  boolean told() {
    for (ChannelDelivery delivery : deliveries) {
      if (delivery.attempt().number() > 0) {
        return true;
      }
    }
    return false;
  }

  boolean gotThrough() {
    return deliveries.stream().anyMatch(ChannelDelivery::gotThrough);
  }

  boolean explained() {
    if (deliveries.isEmpty()) {
      return substitute != null || closed != null;
    }
    for (ChannelDelivery delivery : deliveries) {
      if (!delivery.explained()) {
        return false;
      }
    }
    return true;
  }

  @Nullable ChannelDelivery delivery(Channel channel) {
    for (ChannelDelivery delivery : deliveries) {
      if (delivery.channel() == channel) {
        return delivery;
      }
    }
    return null;
  }

  /**
   * With this delivery in place of the channel's former one, or added; and whoever nothing reaches
   * on the list.
   */
  EditionState with(ChannelDelivery delivery) {
    List<ChannelDelivery> changed =
        delivery(delivery.channel()) == null
            ? Stream.concat(deliveries.stream(), Stream.of(delivery)).toList()
            : deliveries.stream()
                .map(each -> each.channel() == delivery.channel() ? delivery : each)
                .toList();
    return new EditionState(
        number,
        noticeId,
        version,
        locale,
        categories,
        texts,
        changed,
        substituteOf(changed),
        closed);
  }

  EditionState withTexts(Texts changed) {
    return changed.equals(texts)
        ? this
        : new EditionState(
            number, noticeId, version, locale, categories, changed, deliveries, substitute, closed);
  }

  /** Closed, which takes a person who was never tried off the list; or open again. */
  EditionState withClosed(@Nullable Closure changed) {
    return new EditionState(
        number,
        noticeId,
        version,
        locale,
        categories,
        texts,
        deliveries,
        told() || changed == null ? substitute : null,
        changed);
  }

  /** With other content, which only an edition that nobody was told may get. */
  EditionState withContent(int changedVersion, Person person, List<String> changed) {
    return new EditionState(
        number,
        noticeId,
        changedVersion,
        person.locale(),
        changed,
        texts,
        deliveries,
        deliveries.isEmpty() ? person.missing() : substituteOf(deliveries),
        null);
  }

  private static @Nullable String substituteOf(List<ChannelDelivery> deliveries) {
    boolean erased = false;
    for (ChannelDelivery delivery : deliveries) {
      if (delivery.state() != DeliveryState.UNREACHABLE) {
        return null;
      }
      erased |= Person.ERASED.equals(delivery.said().reason());
    }
    return erased ? Person.ERASED : UNREACHABLE;
  }
}
