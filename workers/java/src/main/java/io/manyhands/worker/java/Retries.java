/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import com.google.protobuf.Duration;
import com.microsoft.azure.functions.annotation.ExponentialBackoffRetry;
import com.microsoft.azure.functions.annotation.FixedDelayRetry;
import io.manyhands.transport.grpc.protocol.RpcRetryOptions;
import java.lang.reflect.Method;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Retry policies from annotations. */
final class Retries {
  private static final Pattern TIME =
      Pattern.compile("(?:(\\d{1,7})\\.)?(\\d{1,2}):(\\d{1,2}):(\\d{1,2})");

  private Retries() {}

  /**
   * The policy of a method, where it has one.
   *
   * @throws FunctionFault where an interval is none
   */
  static Optional<RpcRetryOptions> of(Method method) throws FunctionFault {
    FixedDelayRetry fixed = method.getAnnotation(FixedDelayRetry.class);
    if (fixed != null) {
      return Optional.of(
          RpcRetryOptions.newBuilder()
              .setRetryStrategy(RpcRetryOptions.RetryStrategy.fixed_delay)
              .setMaxRetryCount(fixed.maxRetryCount())
              .setDelayInterval(time(method, "delayInterval", fixed.delayInterval()))
              .build());
    }
    ExponentialBackoffRetry growing = method.getAnnotation(ExponentialBackoffRetry.class);
    if (growing != null) {
      return Optional.of(
          RpcRetryOptions.newBuilder()
              .setRetryStrategy(RpcRetryOptions.RetryStrategy.exponential_backoff)
              .setMaxRetryCount(growing.maxRetryCount())
              .setMinimumInterval(time(method, "minimumInterval", growing.minimumInterval()))
              .setMaximumInterval(time(method, "maximumInterval", growing.maximumInterval()))
              .build());
    }
    return Optional.empty();
  }

  private static Duration time(Method method, String member, String text) throws FunctionFault {
    Matcher matcher = TIME.matcher(text.trim());
    if (!matcher.matches()) {
      throw new FunctionFault(
          "%s: retry annotation: %s is \"%s\" (expected: hours:minutes:seconds, such as 00:00:10)"
              .formatted(Signature.named(method), member, text));
    }
    String days = matcher.group(1);
    long hours = (days == null ? 0 : Long.parseLong(days)) * 24 + Long.parseLong(matcher.group(2));
    long minutes = hours * 60 + Long.parseLong(matcher.group(3));
    return Duration.newBuilder()
        .setSeconds(minutes * 60 + Long.parseLong(matcher.group(4)))
        .build();
  }
}
