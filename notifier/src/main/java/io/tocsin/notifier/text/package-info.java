/**
 * The words of a notice: templates an operator can edit, checked whole when they are loaded; the
 * texts of one incident as they are stored; and the rendering of one person's e-mail and SMS from
 * them.
 */
@NullMarked
package io.tocsin.notifier.text;

import org.jspecify.annotations.NullMarked;
