@NullMarked
package io.tocsin.cli.imports;

import org.jspecify.annotations.NullMarked;
