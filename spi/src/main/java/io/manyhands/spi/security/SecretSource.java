/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.spi.security;

/**
 * Where a Runtime takes its own keys from. Every Runtime of one {@code runtimeId} must be given the
 * same ones, now and after a restart: they sign what workers present when they come back, and key
 * the hash of an application's settings. Thread-safe; may block; called while a Runtime is built.
 */
@FunctionalInterface
public interface SecretSource {
  /** How long a key is at least. */
  int KEY_BYTES = 32;

  /**
   * The key of one purpose, at least {@link #KEY_BYTES} long; the same at each call. Throws a
   * {@link io.manyhands.api.ManyhandsException} with RESOURCE_UNAVAILABLE that names the purpose
   * where it cannot be had, and then the Runtime is not built.
   *
   * @param purpose a DNS label, such as {@code resume-tokens}
   */
  byte[] key(String purpose);
}
