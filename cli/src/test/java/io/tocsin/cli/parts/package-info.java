@NullMarked
package io.tocsin.cli.parts;

import org.jspecify.annotations.NullMarked;
