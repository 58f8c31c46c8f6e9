@NullMarked
package io.tocsin.system.chaos;

import org.jspecify.annotations.NullMarked;
