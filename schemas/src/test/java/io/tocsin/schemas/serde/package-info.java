@NullMarked
package io.tocsin.schemas.serde;

import org.jspecify.annotations.NullMarked;
