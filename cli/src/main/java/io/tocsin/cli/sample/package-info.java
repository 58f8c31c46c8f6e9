/**
 * Sample data that looks like Any2text's, invented from a seed, and a plain scan that says whom an
 * incident affects.
 */
@NullMarked
package io.tocsin.cli.sample;

import org.jspecify.annotations.NullMarked;
