@NullMarked
package io.tocsin.schemas.topic;

import org.jspecify.annotations.NullMarked;
