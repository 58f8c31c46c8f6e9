/** One properties file in Kafka's style, overridden by the environment. */
@NullMarked
package io.tocsin.schemas.config;

import org.jspecify.annotations.NullMarked;
