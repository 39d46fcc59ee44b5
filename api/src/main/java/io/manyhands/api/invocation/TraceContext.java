/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.api.invocation;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * W3C trace context.
 *
 * @param traceParent {@code 00-<32 hex>-<16 hex>-<2 hex>}
 * @param traceState may be empty
 */
public record TraceContext(String traceParent, String traceState) {
  /** Where the trace id begins. */
  private static final int TRACE_ID = 3;

  private static final Pattern FORM =
      Pattern.compile("[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}.*");

  public TraceContext {
    Objects.requireNonNull(traceParent, "traceParent");
    Objects.requireNonNull(traceState, "traceState");
  }

  /** What all calls of one trace have in common. */
  public String traceId() {
    String[] parts = traceParent.split("-", 3);
    return parts.length < 2 ? traceParent : parts[1];
  }

  /** The same question without making a text of it. */
  public boolean isOfTrace(String traceId) {
    return traceParent.startsWith(traceId, TRACE_ID);
  }

  /**
   * True where the text is a trace parent that may be continued; anything else must be replaced by
   * a new one.
   */
  public static boolean isValid(String traceParent) {
    return traceParent.length() <= 128
        && !traceParent.startsWith("ff")
        && FORM.matcher(traceParent).matches();
  }
}
