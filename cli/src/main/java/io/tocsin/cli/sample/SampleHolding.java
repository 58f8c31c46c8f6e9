package io.tocsin.cli.sample;

import java.util.List;

/**
 * What one dataset held of one invented person.
 *
 * @param dataset id of the sample catalogue
 * @param userId the person
 * @param intervals when, and what; never empty
 */
public record SampleHolding(String dataset, String userId, List<SampleInterval> intervals) {}
