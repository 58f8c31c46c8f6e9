/** What the three topologies share: how they run, fail, recover, and set records aside. */
@NullMarked
package io.tocsin.streams;

import org.jspecify.annotations.NullMarked;
