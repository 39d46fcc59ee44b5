/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.manyhands.api.invocation.TraceContext;
import io.manyhands.spi.time.Randomness;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class IdsTest {
  private final Ids ids = new Ids(seeded(7));

  @Test
  void invocationIdsAreUniqueUuids() {
    Set<String> seen = new HashSet<>();
    for (int count = 0; count < 100_000; count++) {
      String id = ids.invocation().value();
      assertThat(seen.add(id)).isTrue();
    }
    String id = seen.iterator().next();
    assertThat(UUID.fromString(id)).hasToString(id);
    assertThat(UUID.fromString(id).version()).isEqualTo(4);
    assertThat(UUID.fromString(id).variant()).isEqualTo(2);
  }

  @Test
  void tracesAreOfTheW3cForm() {
    assertThat(TraceContext.isValid(ids.trace().traceParent())).isTrue();
    assertThat(TraceContext.isValid("00-" + "0".repeat(32) + "-" + "1".repeat(16) + "-01"))
        .isFalse();
    assertThat(TraceContext.isValid("ff-" + "1".repeat(32) + "-" + "1".repeat(16) + "-01"))
        .isFalse();
  }

  @Test
  void workerIdsHave128BitsAndShowLittle() {
    assertThat(ids.worker().value()).matches("[0-9a-f]{32}");
    assertThat(ids.worker().toString()).hasSize(12);
  }

  @Test
  void sameSeedGivesTheSameIds() {
    assertThat(new Ids(seeded(3)).invocation()).isEqualTo(new Ids(seeded(3)).invocation());
  }

  private static Randomness seeded(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return new Randomness() {
      @Override
      public long nextLong() {
        return random.nextLong();
      }

      @Override
      public int nextInt(int bound) {
        return random.nextInt(bound);
      }
    };
  }
}
