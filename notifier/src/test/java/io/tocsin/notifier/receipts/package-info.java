@NullMarked
package io.tocsin.notifier.receipts;

import org.jspecify.annotations.NullMarked;
