/**
 * A command's connection to Kafka and the registry: producing, reading topics to their end, waiting
 * for answers.
 */
@NullMarked
package io.tocsin.cli.cluster;

import org.jspecify.annotations.NullMarked;
