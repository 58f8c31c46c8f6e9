/**
 * Users and holdings out of files: every bad row is named by its line and reason, and every other
 * row is loaded.
 */
@NullMarked
package io.tocsin.cli.imports;

import org.jspecify.annotations.NullMarked;
