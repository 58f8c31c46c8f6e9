@NullMarked
package io.tocsin.cli.demo;

import org.jspecify.annotations.NullMarked;
