/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.packages;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * What a {@link PackageStore} may fetch, unpack and keep.
 *
 * @param allowedSources prefixes of addresses that packages may come from, such as {@code
 *     https://packages.example.com/functions/} or {@code file:///srv/packages/}; empty (the
 *     default) allows any file, http and https address whose host is not link-local
 * @param fetchTimeout longest time for one fetch, redirects included; 5 minutes by default
 * @param maxArchiveBytes largest zip; 512 MiB by default
 * @param maxUnpackedBytes largest sum of the files in one package; 2 GiB by default
 * @param maxEntries most files and directories in one package; 65,534 by default, which is also the
 *     most that can be asked for, as a zip of more needs the Zip64 format
 * @param maxCacheBytes archives beyond this sum are removed, longest unused first; 4 GiB by default
 */
public record PackageOptions(
    List<URI> allowedSources,
    Duration fetchTimeout,
    long maxArchiveBytes,
    long maxUnpackedBytes,
    int maxEntries,
    long maxCacheBytes) {
  private static final long MIB = 1L << 20;
  static final int MOST_ENTRIES = 65_534;

  public PackageOptions {
    allowedSources = List.copyOf(allowedSources);
    allowedSources.forEach(PackageSources::requirePrefix);
    if (fetchTimeout.isNegative() || fetchTimeout.isZero()) {
      throw new IllegalArgumentException(
          "fetchTimeout: " + fetchTimeout + " (expected: more than nothing)");
    }
    requirePositive("maxArchiveBytes", maxArchiveBytes);
    requirePositive("maxUnpackedBytes", maxUnpackedBytes);
    requirePositive("maxCacheBytes", maxCacheBytes);
    if (maxEntries < 1 || maxEntries > MOST_ENTRIES) {
      throw new IllegalArgumentException(
          "maxEntries: " + maxEntries + " (expected: 1 to " + MOST_ENTRIES + ")");
    }
  }

  private static void requirePositive(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: 1 or more)");
    }
  }

  public static PackageOptions defaults() {
    return builder().build();
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Starts from the defaults. */
  public static final class Builder {
    private List<URI> allowedSources = List.of();
    private Duration fetchTimeout = Duration.ofMinutes(5);
    private long maxArchiveBytes = 512 * MIB;
    private long maxUnpackedBytes = 2048 * MIB;
    private int maxEntries = MOST_ENTRIES;
    private long maxCacheBytes = 4096 * MIB;

    private Builder() {}

    public Builder allowedSources(List<URI> prefixes) {
      this.allowedSources = prefixes;
      return this;
    }

    public Builder fetchTimeout(Duration timeout) {
      this.fetchTimeout = timeout;
      return this;
    }

    public Builder maxArchiveBytes(long bytes) {
      this.maxArchiveBytes = bytes;
      return this;
    }

    public Builder maxUnpackedBytes(long bytes) {
      this.maxUnpackedBytes = bytes;
      return this;
    }

    public Builder maxEntries(int entries) {
      this.maxEntries = entries;
      return this;
    }

    public Builder maxCacheBytes(long bytes) {
      this.maxCacheBytes = bytes;
      return this;
    }

    public PackageOptions build() {
      return new PackageOptions(
          allowedSources,
          fetchTimeout,
          maxArchiveBytes,
          maxUnpackedBytes,
          maxEntries,
          maxCacheBytes);
    }
  }
}
