/** The command line of the system tests that are run by hand. */
@NullMarked
package io.tocsin.system;

import org.jspecify.annotations.NullMarked;
