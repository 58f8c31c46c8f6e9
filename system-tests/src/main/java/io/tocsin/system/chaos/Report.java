package io.tocsin.system.chaos;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The figures of a run, and which bounds they break. */
final class Report {

  private static final double LEAST_OUTSTANDING = 0.2;

  /** A silence is a kill's if it begins within this time and before the next kill. */
  private static final long SILENCE_BEGINS_WITHIN_NANOS = 30_000_000_000L;

  private final Map<String, Object> figures = new LinkedHashMap<>();
  private final List<String> broken = new ArrayList<>();

  /** What a run was. */
  record Run(
      ChaosPlan plan,
      List<Kill> kills,
      double seconds,
      long heapBytes,
      long receiptsGivenUp,
      long forgeriesTaken) {}

  Report(Run run, Arrivals arrivals, RecordAudit record, Verdict verdict) {
    List<Long> silences = new ArrayList<>();
    List<Map<String, Object>> log = new ArrayList<>();
    long slots = 0;
    for (int i = 0; i < run.kills().size(); i++) {
      Kill kill = run.kills().get(i);
      boolean last = i + 1 == run.kills().size();
      long until = kill.nanos() + SILENCE_BEGINS_WITHIN_NANOS;
      long silence =
          arrivals.longestSilenceMillis(
              kill.nanos(), last ? until : Math.min(until, run.kills().get(i + 1).nanos()));
      silences.add(silence);
      slots += kill.slots();
      long unknown =
          verdict.unknownByKill(kill.at(), last ? Instant.MAX : run.kills().get(i + 1).at());
      log.add(row(kill, unknown, silence));
      if (kill.isOf("notifier") || kill.isOf(ChaosStack.BROKER)) {
        bound(
            unknown <= kill.slots(),
            "The kill of %s left %d attempts in doubt; %d were under way",
            kill.part(),
            unknown,
            kill.slots());
      }
      bound(
          kill.outstanding() >= LEAST_OUTSTANDING,
          "At a kill only %.2f of the deliveries were outstanding",
          kill.outstanding());
    }
    figures(run, arrivals, record, verdict, slots, silences);
    figures.put("killLog", log);
    bounds(run, arrivals, record, verdict, slots, silences);
    figures.put("broken", broken);
  }

  /** Every figure by its name. */
  Map<String, Object> figures() {
    return figures;
  }

  /** A sentence for each bound that is broken. */
  List<String> broken() {
    return broken;
  }

  private static Map<String, Object> row(Kill kill, long unknown, long silence) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("part", kill.part());
    row.put("outstanding", Math.round(kill.outstanding() * 1000) / 1000.0);
    row.put("slots", kill.slots());
    row.put("unknown", unknown);
    row.put("toNextMessageMs", silence);
    row.put("readyMs", kill.readyMillis());
    return row;
  }

  private void figures(
      Run run,
      Arrivals arrivals,
      RecordAudit record,
      Verdict verdict,
      long slots,
      List<Long> silences) {
    figures.put("notices", run.plan().people());
    figures.put("messages", arrivals.messages());
    figures.put("kills", run.kills().size());
    figures.put("seed", run.plan().seed());
    figures.put("lost", verdict.lost());
    figures.put("duplicatesUnlisted", verdict.duplicatesUnlisted());
    figures.put("duplicatesListed", verdict.duplicatesListed());
    figures.put("possibleDuplicates", verdict.possibleDuplicates());
    figures.put("possibleDuplicatesByKills", verdict.possibleDuplicatesByKill());
    figures.put("possibleDuplicatesUntied", verdict.possibleDuplicatesUntied());
    figures.put("unknownSeen", record.doubts().size());
    figures.put("unknownByKills", verdict.unknownByKill());
    figures.put("unknownByProviders", verdict.unknownByProvider());
    figures.put("unknownReasons", record.reasons());
    figures.put("unknownOpen", verdict.unknownOpen());
    figures.put("slotsAtKills", slots);
    figures.put("doubtsScripted", arrivals.doubts());
    figures.put("unreachable", verdict.unreachable());
    figures.put("unreachableExpected", verdict.unreachableExpected());
    figures.put("unreachableWrong", verdict.unreachableWrong());
    figures.put("substitutesWrong", verdict.substitutesWrong());
    figures.put("misdirected", arrivals.misdirected());
    figures.put("forgeriesTaken", run.forgeriesTaken());
    figures.put("receiptsGivenUp", run.receiptsGivenUp());
    List<Long> sorted = silences.stream().sorted().toList();
    Map<String, Object> silence = new LinkedHashMap<>();
    silence.put("median", sorted.isEmpty() ? 0 : sorted.get(sorted.size() / 2));
    silence.put("max", sorted.isEmpty() ? 0 : sorted.getLast());
    figures.put("killToNextMessageMs", silence);
    figures.put("seconds", Math.round(run.seconds() * 10) / 10.0);
    figures.put("messagesPerSecond", Math.round(arrivals.messages() / run.seconds()));
    figures.put("notifierHeapMb", run.heapBytes() >> 20);
  }

  private void bounds(
      Run run,
      Arrivals arrivals,
      RecordAudit record,
      Verdict verdict,
      long slots,
      List<Long> silences) {
    bound(record.missing() == 0, "%d people are not in the record", record.missing());
    bound(verdict.lost() == 0, "%d messages were lost", verdict.lost());
    bound(
        verdict.duplicatesUnlisted() == 0,
        "%d messages came twice without being listed",
        verdict.duplicatesUnlisted());
    bound(
        verdict.unknownOpen() == 0,
        "%d deliveries are not explained in the end",
        verdict.unknownOpen());
    bound(
        verdict.possibleDuplicatesUntied() == 0,
        "%d possible duplicates follow no UNKNOWN",
        verdict.possibleDuplicatesUntied());
    bound(
        verdict.possibleDuplicatesByKill() <= slots,
        "%d possible duplicates come from kills; %d attempts were under way at them",
        verdict.possibleDuplicatesByKill(),
        slots);
    bound(
        verdict.unreachableWrong() == 0,
        "%d deliveries are UNREACHABLE and should not be, or the other way round",
        verdict.unreachableWrong());
    bound(
        verdict.substitutesWrong() == 0,
        "%d people are on the substitute-notice list and should not be, or the other way round",
        verdict.substitutesWrong());
    bound(arrivals.misdirected() == 0, "%d messages were misdirected", arrivals.misdirected());
    bound(run.forgeriesTaken() == 0, "%d forged receipts were taken", run.forgeriesTaken());
    bound(
        run.kills().size() == run.plan().kills(),
        "%d kills of %d were made",
        run.kills().size(),
        run.plan().kills());
    bound(run.plan().kills() == 0 || !record.doubts().isEmpty(), "No delivery ever became UNKNOWN");
    for (long silence : silences) {
      bound(
          silence <= run.plan().patience().toMillis(),
          "No message left for %d ms after a kill",
          silence);
    }
  }

  @SuppressWarnings("AnnotateFormatMethod") // the annotation would be a dependency of its own
  private void bound(boolean kept, String sentence, Object... arguments) {
    if (!kept) {
      broken.add(String.format(Locale.ROOT, sentence, arguments));
    }
  }
}
