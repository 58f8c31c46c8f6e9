package io.tocsin.cli.imports;

/**
 * Which texts have been seen, by a 64-bit hash: 16 bytes each, so that millions of ids fit. Two of
 * a million differ in hash with a probability of 1 - 3e-8; use it where a rare wrong yes does no
 * harm.
 */
final class Seen {

  private long[] slots = new long[1 << 12];
  private int size;

  /** Notes a text; whether it was new. */
  boolean add(String text) {
    if (size * 2 >= slots.length) {
      grow();
    }
    boolean added = put(slots, hash(text));
    if (added) {
      size++;
    }
    return added;
  }

  /** Whether a text was noted. */
  boolean contains(String text) {
    long hash = hash(text);
    for (int i = index(hash, slots); slots[i] != 0; i = (i + 1) & (slots.length - 1)) {
      if (slots[i] == hash) {
        return true;
      }
    }
    return false;
  }

  private void grow() {
    long[] larger = new long[slots.length * 2];
    for (long hash : slots) {
      if (hash != 0) {
        put(larger, hash);
      }
    }
    slots = larger;
  }

  private static boolean put(long[] into, long hash) {
    int i = index(hash, into);
    while (into[i] != 0) {
      if (into[i] == hash) {
        return false;
      }
      i = (i + 1) & (into.length - 1);
    }
    into[i] = hash;
    return true;
  }

  private static int index(long hash, long[] slots) {
    return (int) (hash ^ (hash >>> 32)) & (slots.length - 1);
  }

  /**
   * FNV-1a over the characters, then a finaliser that spreads it; never zero, which means empty.
   */
  private static long hash(String text) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
    }
    hash = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
    hash = (hash ^ (hash >>> 27)) * 0x94d049bb133111ebL;
    hash ^= hash >>> 31;
    return hash == 0 ? 1 : hash;
  }
}
