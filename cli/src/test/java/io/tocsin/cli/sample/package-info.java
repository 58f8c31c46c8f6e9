@NullMarked
package io.tocsin.cli.sample;

import org.jspecify.annotations.NullMarked;
