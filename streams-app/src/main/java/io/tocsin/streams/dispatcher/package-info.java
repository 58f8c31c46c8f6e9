/**
 * Whom to tell now, by what, again? Owns the life of every notice (design.md section 6): {@link
 * io.tocsin.streams.dispatcher.NoticeMachine} decides, {@link
 * io.tocsin.streams.dispatcher.PartitionDispatcher} keeps, paces and walks, {@link
 * io.tocsin.streams.dispatcher.DispatcherTopology} wires.
 */
@NullMarked
package io.tocsin.streams.dispatcher;

import org.jspecify.annotations.NullMarked;
