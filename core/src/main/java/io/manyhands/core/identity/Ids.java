/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.identity;

import io.manyhands.api.invocation.InvocationId;
import io.manyhands.api.invocation.TraceContext;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.spi.time.Randomness;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes ids. Worker ids are a stock worker's only credential and come from the seam bit by bit;
 * invocation and trace ids need only be unique, and come from a generator that the seam seeds once.
 * Thread-safe.
 */
public final class Ids {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private final Randomness randomness;
  private final AtomicLong state;

  public Ids(Randomness randomness) {
    this.randomness = randomness;
    this.state = new AtomicLong(randomness.nextLong());
  }

  /** 128 unpredictable bits. */
  public WorkerId worker() {
    byte[] text = new byte[32];
    hex(text, 0, randomness.nextLong(), 16);
    hex(text, 16, randomness.nextLong(), 16);
    return new WorkerId(ascii(text));
  }

  /** In the form of a UUID, which some workers expect. */
  public InvocationId invocation() {
    long high = next();
    long low = next();
    byte[] text = new byte[36];
    hex(text, 0, high >>> 32, 8);
    text[8] = '-';
    hex(text, 9, high >>> 16, 4);
    text[13] = '-';
    hex(text, 14, (high & 0x0fffL) | 0x4000L, 4);
    text[18] = '-';
    hex(text, 19, ((low >>> 48) & 0x3fffL) | 0x8000L, 4);
    text[23] = '-';
    hex(text, 24, low, 12);
    return new InvocationId(ascii(text));
  }

  /** A new trace, sampled. */
  public TraceContext trace() {
    byte[] text = new byte[55];
    text[0] = '0';
    text[1] = '0';
    text[2] = '-';
    hex(text, 3, next() | 1, 16);
    hex(text, 19, next(), 16);
    text[35] = '-';
    hex(text, 36, next() | 1, 16);
    text[52] = '-';
    text[53] = '0';
    text[54] = '1';
    return new TraceContext(ascii(text), "");
  }

  private long next() {
    long mixed = state.addAndGet(GOLDEN_GAMMA);
    mixed = (mixed ^ mixed >>> 30) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
    return mixed ^ mixed >>> 31;
  }

  private static void hex(byte[] target, int offset, long bits, int digits) {
    long rest = bits;
    for (int index = offset + digits - 1; index >= offset; index--) {
      target[index] = HEX[(int) (rest & 15)];
      rest >>>= 4;
    }
  }

  private static String ascii(byte[] text) {
    return new String(text, StandardCharsets.ISO_8859_1);
  }
}
