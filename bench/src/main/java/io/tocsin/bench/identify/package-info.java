/** Who is affected: the identifier against the foreign-key join, PostgreSQL and a bare producer. */
@NullMarked
package io.tocsin.bench.identify;

import org.jspecify.annotations.NullMarked;
