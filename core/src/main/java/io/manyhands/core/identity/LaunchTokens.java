/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.identity;

import io.manyhands.api.app.ApplicationId;
import io.manyhands.spi.security.WorkerAuthenticator.Launch;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Signs what a worker presents when it was started: it names the worker, its stack, its application
 * where it has one, and when it ends. Thread-safe.
 */
final class LaunchTokens {
  private static final String VERSION = "mhl1";

  private final String runtimeId;
  private final SignedText signed;
  private final InstantSource clock;
  private final Duration validity;

  LaunchTokens(String runtimeId, byte[] key, InstantSource clock, Duration validity) {
    this.runtimeId = runtimeId;
    this.signed = new SignedText(key);
    this.clock = clock;
    this.validity = validity;
  }

  String issue(Launch launch) {
    return signed.sign(
        fields(launch, Long.toString(clock.instant().plus(validity).toEpochMilli())));
  }

  /** Why it is none of that worker's; empty where it is. */
  Optional<String> problem(String token, Launch launch) {
    Optional<List<String>> verified = signed.verify(token);
    if (verified.isEmpty() || verified.get().size() < 3) {
      return Optional.of("its launch token was not signed here");
    }
    List<String> said = verified.get();
    String expires = said.get(2);
    if (!said.equals(fields(launch, expires))) {
      return Optional.of("its launch token is another worker's");
    }
    return clock.instant().isAfter(Instant.ofEpochMilli(Long.parseLong(expires)))
        ? Optional.of("its launch token has expired")
        : Optional.empty();
  }

  private List<String> fields(Launch launch, String expires) {
    return List.of(
        VERSION,
        runtimeId,
        expires,
        launch.worker().value(),
        launch.stack().language(),
        launch.stack().version(),
        launch.application().map(ApplicationId::value).orElse(""));
  }
}
