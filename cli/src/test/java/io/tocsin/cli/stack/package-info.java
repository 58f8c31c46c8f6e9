@NullMarked
package io.tocsin.cli.stack;

import org.jspecify.annotations.NullMarked;
