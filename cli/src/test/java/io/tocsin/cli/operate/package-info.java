@NullMarked
package io.tocsin.cli.operate;

import org.jspecify.annotations.NullMarked;
