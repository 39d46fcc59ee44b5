/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.concurrent;

import io.manyhands.spi.time.Randomness;
import io.manyhands.spi.time.TimeSeams;
import java.security.SecureRandom;
import java.time.Clock;

/**
 * The seams of a Runtime in production: the machine's clocks, a timer wheel, unpredictable
 * randomness.
 */
public final class SystemSeams implements AutoCloseable {
  private final TimerWheel wheel;
  private final TimeSeams seams;

  private SystemSeams(TimerWheel wheel, TimeSeams seams) {
    this.wheel = wheel;
    this.seams = seams;
  }

  /** Starts the wheel's thread under that name. */
  public static SystemSeams create(String name) {
    TimerWheel wheel = new TimerWheel(System::nanoTime, name + "-timer");
    return new SystemSeams(
        wheel, new TimeSeams(Clock.systemUTC(), System::nanoTime, wheel, new SecureBits()));
  }

  public TimeSeams seams() {
    return seams;
  }

  @Override
  public void close() {
    wheel.close();
  }

  private static final class SecureBits implements Randomness {
    private final SecureRandom random = new SecureRandom();

    @Override
    public long nextLong() {
      return random.nextLong();
    }

    @Override
    public int nextInt(int bound) {
      return random.nextInt(bound);
    }
  }
}
