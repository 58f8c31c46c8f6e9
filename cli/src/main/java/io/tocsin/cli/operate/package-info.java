/**
 * What operators do: topics, keys, imports, incidents, decisions, looking things up, and mending.
 */
@NullMarked
package io.tocsin.cli.operate;

import org.jspecify.annotations.NullMarked;
