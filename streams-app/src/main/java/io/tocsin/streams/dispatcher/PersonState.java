package io.tocsin.streams.dispatcher;

/** Where a person whom an incident affects stands with it. */
enum PersonState {
  /** No notice was begun for the version they are affected by. */
  WAITING,
  /** Some delivery is not explained yet, or the notice names too little. */
  UNDER_WAY,
  /** A message got through. */
  TOLD,
  /** On the substitute-notice list: no channel reached them. */
  SUBSTITUTE,
  /** Stopped by a decision or a later version before anything got through. */
  CLOSED;

  /** Where a person stands whom this version affects. */
  static PersonState of(NoticeState notice, int version) {
    EditionState last = notice.last();
    if (last == null) {
      return WAITING;
    }
    if (!notice.explained(version)) {
      return UNDER_WAY;
    }
    if (last.substitute() != null) {
      return SUBSTITUTE;
    }
    return last.gotThrough() ? TOLD : CLOSED;
  }
}
