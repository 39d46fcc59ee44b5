/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/**
 * Routes that an application makes up, hostile ones included: each is taken or refused with an
 * IllegalArgumentException, and neither parsing nor matching takes long. From seeds; a failure
 * names its own.
 */
class RouteFuzzTest {
  private static final int ROUNDS = 100_000;
  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final String[] PARTS = {
    "/",
    "{",
    "}",
    "{{",
    "}}",
    "*",
    "?",
    ":",
    "(",
    ")",
    "[",
    "]",
    "\\",
    "\\Q",
    "\\E",
    "|",
    "+",
    "^",
    "$",
    ",",
    "=",
    ".",
    "a",
    "orders",
    "id",
    "int",
    "regex",
    "length",
    "range",
    "min",
    "{id}",
    "{id:int}",
    "{*rest}",
    "{id?}",
    ":regex(",
    ":length(1,2)",
    "{1000}",
    "{2,100}",
    "{0,}",
    "(a+)+",
    "(a|a)*",
    "(?:",
    "(?i)",
    "[^]",
    "[[:alpha:]]",
    "\\p{L}",
    "\\x{10FFFF}",
    "\u00e9",
    "\ud83d\ude00",
    "\u0000",
    " ",
    "%2f",
    "99999999999999999999"
  };

  @Test
  void routesAreTakenOrRefusedInTime() {
    Assertions.assertTimeoutPreemptively(
        BOUND,
        () -> {
          int taken = 0;
          for (int seed = 0; seed < ROUNDS; seed++) {
            Random random = new Random(seed);
            String route = text(random);
            try {
              RouteTemplate template = RouteTemplate.parse(route);
              taken++;
              template.match(path(random));
              template.rank();
              template.shape();
            } catch (IllegalArgumentException e) {
              assertThat(e)
                  .as("seed %s: %s", seed, route)
                  .hasMessageMatching("(?s).*(expected|known|route).*");
            } catch (Throwable e) {
              throw new AssertionError("seed " + seed + ": " + route, e);
            }
          }
          assertThat(taken).as("the generator reaches good routes as well").isGreaterThan(500);
        });
  }

  @Test
  void sizeOfARegularExpressionIsNeverUnderestimated() {
    int compiled = 0;
    for (int seed = 0; seed < ROUNDS; seed++) {
      String pattern = text(new Random(seed));
      long size = RegexSize.of(pattern);
      if (size > RegexSize.LARGEST) {
        continue;
      }
      try {
        int steps = Pattern.compile(pattern, Pattern.CASE_INSENSITIVE).programSize();
        compiled++;
        assertThat((long) steps)
            .as("seed %s: %s", seed, pattern)
            .isLessThanOrEqualTo(20 + size * 6);
      } catch (PatternSyntaxException e) {
        // refused, and small
      }
    }
    assertThat(compiled).isGreaterThan(500);
  }

  @Test
  void patternsThatTakeOthersForeverTakeNoTime() {
    String value = "a".repeat(8000) + "!";
    Assertions.assertTimeoutPreemptively(
        BOUND,
        () -> {
          for (String pattern :
              List.of("^(a+)+$", "^(a|a)*$", "^(a|aa)+$", "^(.*a){10}$", "^([a-z]*)*$")) {
            assertThat(RouteTemplate.parse("{x:regex(" + pattern + ")}").match(List.of(value)))
                .isEmpty();
          }
        });
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    boolean inConstraint = random.nextInt(4) == 0;
    if (inConstraint) {
      text.append("{x:regex(");
    }
    for (int part = random.nextInt(12); part >= 0; part--) {
      text.append(PARTS[random.nextInt(PARTS.length)]);
    }
    if (inConstraint) {
      text.append(")}");
    }
    return text.toString();
  }

  private static List<String> path(Random random) {
    List<String> path = new ArrayList<>();
    for (int segment = random.nextInt(5); segment > 0; segment--) {
      path.add(random.nextBoolean() ? "orders" : "a".repeat(1 + random.nextInt(200)));
    }
    return path;
  }
}
