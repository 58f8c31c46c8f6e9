/** The operator's catalogue of datasets and categories of personal data. */
@NullMarked
package io.tocsin.schemas.catalogue;

import org.jspecify.annotations.NullMarked;
