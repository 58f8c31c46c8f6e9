/**
 * Who is affected: incidents meet holdings and evidence.
 *
 * <p>{@link io.tocsin.streams.identifier.IdentifierTopology} wires it. A shard of holdings is
 * {@link io.tocsin.streams.identifier.HoldingsShard}, a partition of evidence {@link
 * io.tocsin.streams.identifier.EvidenceShard}; both read their store in small, resumable steps
 * ({@link io.tocsin.streams.identifier.OpenScans}) under a {@link
 * io.tocsin.streams.identifier.ScanBudget}.
 */
@NullMarked
package io.tocsin.streams.identifier;

import org.jspecify.annotations.NullMarked;
