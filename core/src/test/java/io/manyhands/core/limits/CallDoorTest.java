/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.limits;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.manyhands.api.ErrorCode;
import io.manyhands.api.RuntimeOptions;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.app.CallLimits;
import io.manyhands.api.app.TenantId;
import io.manyhands.core.metrics.Metrics;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CallDoorTest {
  private static final TenantId TENANT = new TenantId("t");
  private static final long SECOND = 1_000_000_000L;

  private final Metrics metrics = new Metrics();
  private long now = Long.MAX_VALUE - 5 * SECOND;
  private CallDoors doors = doors(RuntimeOptions.builder());

  @Test
  void callBeyondTheConcurrencyIsRefusedUntilOneLeaves() {
    CallDoor door = open("a", CallLimits.none().withConcurrency(2));

    assertThat(door.tryEnter(null, 1, now)).isNull();
    assertThat(door.tryEnter(null, 1, now)).isNull();
    Refusal refusal = door.tryEnter(null, 1, now);
    assertThat(refusal.code()).isEqualTo(ErrorCode.LIMIT_EXCEEDED);
    assertThat(refusal.reason())
        .isEqualTo("application a: too many calls are under way (at most 2)");
    door.leave(null, 1);
    assertThat(door.tryEnter(null, 1, now)).isNull();
  }

  @Test
  void rateLetsABurstThroughAndThenEvenStepsAcrossAWrapOfTheTicker() {
    CallDoor door = open("a", CallLimits.none().withRate(10, 3));

    for (int call = 0; call < 3; call++) {
      assertThat(door.tryEnter(null, 1, now)).isNull();
    }
    assertThat(door.tryEnter(null, 1, now).retryAfter()).contains(Duration.ofMillis(100));
    now += SECOND / 10 - 1;
    assertThat(door.tryEnter(null, 1, now).retryAfter()).contains(Duration.ofNanos(1));
    now += 1;
    assertThat(door.tryEnter(null, 1, now)).isNull();
    int passed = 0;
    for (int step = 0; step < 10_000; step++) {
      now += SECOND / 1000;
      passed += door.tryEnter(null, 1, now) == null ? 1 : 0;
    }
    assertThat(passed).isBetween(99, 101);
    // A long pause saves up no more than the burst.
    now += 100 * SECOND;
    for (int call = 0; call < 3; call++) {
      assertThat(door.tryEnter(null, 1, now)).isNull();
    }
    assertThat(door.tryEnter(null, 1, now)).isNotNull();
  }

  @Test
  void payloadsAreLimitedEachAndTogether() {
    CallDoor door = open("a", CallLimits.none().withPayloadBytes(10).withBytesInFlight(15));

    assertThat(door.tryEnter(null, 11, now).code()).isEqualTo(ErrorCode.PAYLOAD_TOO_LARGE);
    assertThat(door.tryEnter(null, 10, now)).isNull();
    assertThat(door.tryEnter(null, 6, now).reason())
        .isEqualTo("application a: too many payload bytes are in flight (at most 15)");
    assertThat(door.tryEnter(null, 5, now)).isNull();
    door.leave(null, 10);
    assertThat(door.tryEnter(null, 10, now)).isNull();
  }

  @Test
  void functionHasItsOwnAndOthersDoNotNotice() {
    CallDoor door = doors.open(ApplicationId.of("a"), TENANT);
    limit(door, CallLimits.none(), Map.of("Slow", CallLimits.none().withConcurrency(1)));
    CallScope slow = door.function("slow");

    assertThat(door.tryEnter(slow, 1, now)).isNull();
    assertThat(door.tryEnter(slow, 1, now).reason()).startsWith("function a/slow: too many calls");
    assertThat(door.function("other")).isNull();
    assertThat(door.tryEnter(null, 1, now)).isNull();
  }

  @Test
  void applicationsOfATenantShareItsLimitsAndOtherTenantsHaveTheirs() {
    doors =
        doors(
            RuntimeOptions.builder()
                .tenantCallLimits(CallLimits.none().withConcurrency(2))
                .tenantCallLimits(new TenantId("big"), CallLimits.none().withConcurrency(3)));
    CallDoor one = open("a", CallLimits.none());
    CallDoor other = open("b", CallLimits.none());

    assertThat(one.tryEnter(null, 1, now)).isNull();
    assertThat(other.tryEnter(null, 1, now)).isNull();
    assertThat(one.tryEnter(null, 1, now).reason()).startsWith("tenant t: too many calls");
    CallDoor big = doors.open(ApplicationId.of("c"), new TenantId("big"));
    for (int call = 0; call < 3; call++) {
      assertThat(big.tryEnter(null, 1, now)).isNull();
    }
    assertThat(big.tryEnter(null, 1, now)).isNotNull();
    one.close();
    assertThat(other.tryEnter(null, 1, now)).isNotNull();
  }

  @Test
  void memoryOfTheRuntimeIsSharedByAll() {
    doors = doors(RuntimeOptions.builder().bytesInFlight(100));
    CallDoor one = open("a", CallLimits.none());
    CallDoor other = doors.open(ApplicationId.of("b"), new TenantId("u"));

    assertThat(one.tryEnter(null, 90, now)).isNull();
    Refusal refusal = other.tryEnter(null, 11, now);
    assertThat(refusal.code()).isEqualTo(ErrorCode.QUEUE_FULL);
    assertThat(refusal.reason())
        .isEqualTo("Runtime: too many payload bytes are in flight (at most 100)");
    assertThat(other.tryEnter(null, 10, now)).isNull();
    assertThat(metrics.snapshot().gauge("limits.bytes_in_flight")).isEqualTo(100);
  }

  @Test
  void refusalByAnyLimitLeavesNothingTaken() {
    SplittableRandom random = new SplittableRandom(1);
    doors =
        doors(
            RuntimeOptions.builder()
                .bytesInFlight(500)
                .tenantCallLimits(CallLimits.none().withConcurrency(9).withRate(900, 20)));
    CallDoor door = doors.open(ApplicationId.of("a"), TENANT);
    limit(
        door,
        CallLimits.none().withBytesInFlight(400).withRate(1000, 10),
        Map.of("f", CallLimits.none().withConcurrency(7).withPayloadBytes(150)));
    CallScope f = door.function("f");
    long[] inside = new long[10];
    int calls = 0;
    int refused = 0;
    for (int step = 0; step < 100_000; step++) {
      now += random.nextLong(SECOND / 500);
      if (calls > 0 && random.nextBoolean()) {
        door.leave(f, inside[--calls]);
      } else {
        long size = random.nextLong(200);
        if (door.tryEnter(f, size, now) == null) {
          inside[calls++] = size;
        } else {
          refused++;
        }
      }
      assertThat(f.calls()).isEqualTo(calls);
    }
    while (calls > 0) {
      door.leave(f, inside[--calls]);
    }

    assertThat(refused).isGreaterThan(1000);
    assertThat(f.calls()).isZero();
    assertThat(f.bytesInFlight()).isZero();
    assertThat(metrics.snapshot().gauge("limits.bytes_in_flight")).isZero();
    now += SECOND;
    assertThat(door.tryEnter(f, 150, now)).isNull();
  }

  @Test
  void limitsChangeWhileCallsAreUnderWay() {
    CallDoor door = open("a", CallLimits.none());
    for (int call = 0; call < 5; call++) {
      assertThat(door.tryEnter(null, 1, now)).isNull();
    }

    limit(door, CallLimits.none().withConcurrency(3), Map.of());
    assertThat(door.tryEnter(null, 1, now)).isNotNull();
    door.leave(null, 1);
    door.leave(null, 1);
    assertThat(door.tryEnter(null, 1, now)).isNotNull();
    door.leave(null, 1);
    assertThat(door.tryEnter(null, 1, now)).isNull();
    limit(door, CallLimits.none().withRate(1, 1), Map.of());
    assertThat(door.tryEnter(null, 1, now)).isNull();
    assertThat(door.tryEnter(null, 1, now)).isNotNull();
    limit(door, CallLimits.none(), Map.of());
    assertThat(door.tryEnter(null, 1, now)).isNull();
  }

  @Test
  void callThatIsLetInAllocatesNothing() {
    doors = doors(RuntimeOptions.builder().tenantCallLimits(CallLimits.none().withConcurrency(9)));
    CallDoor door = doors.open(ApplicationId.of("a"), TENANT);
    CallLimits all =
        CallLimits.none()
            .withConcurrency(10)
            .withRate(1_000_000, 1_000_000)
            .withPayloadBytes(10)
            .withBytesInFlight(100);
    limit(door, all, Map.of("f", all));
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    inAndOut(door, 1000);

    long before = threads.getThreadAllocatedBytes(thread);
    inAndOut(door, 100_000);
    long allocated = threads.getThreadAllocatedBytes(thread) - before;

    // What the measurement itself takes; one object a call would be over a million.
    assertThat(allocated).isLessThan(10_000);
  }

  private void inAndOut(CallDoor door, int calls) {
    for (int call = 0; call < calls; call++) {
      CallScope scope = door.function("f");
      now += SECOND;
      if (door.tryEnter(scope, 10, now) != null) {
        throw new AssertionError("refused");
      }
      door.leave(scope, 10);
    }
  }

  private CallDoors doors(RuntimeOptions.Builder options) {
    return new CallDoors(options.build(), () -> now, metrics);
  }

  private CallDoor open(String application, CallLimits limits) {
    CallDoor door = doors.open(ApplicationId.of(application), TENANT);
    limit(door, limits, Map.of());
    return door;
  }

  private void limit(CallDoor door, CallLimits limits, Map<String, CallLimits> functions) {
    door.limit(limits, functions, name -> name.toLowerCase(Locale.ROOT), now);
  }
}
