/** The topic catalogue: every topic is one constant, and the command that creates them. */
@NullMarked
package io.tocsin.schemas.topic;

import org.jspecify.annotations.NullMarked;
