/**
 * The commands {@code up} and {@code demo}, and the demo's count of what arrived against what
 * should have.
 */
@NullMarked
package io.tocsin.cli.demo;

import org.jspecify.annotations.NullMarked;
