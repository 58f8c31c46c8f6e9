/** Bounces: a small SMTP server that reads the reports of mail servers (RFC 3464). */
@NullMarked
package io.tocsin.notifier.bounces;

import org.jspecify.annotations.NullMarked;
