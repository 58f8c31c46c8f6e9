package io.tocsin.streams.dispatcher;

import java.util.List;

/**
 * What an event led to.
 *
 * @param notice the notice as it stands now; the very same object if nothing changed
 * @param effects what is to be done, in order
 */
record Step(NoticeState notice, List<Effect> effects) {}
