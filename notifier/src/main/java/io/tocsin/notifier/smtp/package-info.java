/** E-mail over SMTP (RFC 5321), with connections kept open. */
@NullMarked
package io.tocsin.notifier.smtp;

import org.jspecify.annotations.NullMarked;
