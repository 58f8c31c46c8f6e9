@NullMarked
package io.tocsin.system.fault;

import org.jspecify.annotations.NullMarked;
