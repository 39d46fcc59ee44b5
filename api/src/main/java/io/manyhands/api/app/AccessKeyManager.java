/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.api.app;

import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Keys that the Runtime makes for applications, beside those of their definitions: callers present
 * either. An application whose definition has none is given a host key {@code default} and a master
 * key when it first starts. Kept in the state directory, readable by its owner alone, and over an
 * application's stop; where there is none they end with the Runtime. A change is in force for
 * requests that arrive after its future completes. Thread-safe.
 */
public interface AccessKeyManager {
  /** What a key opens. */
  enum Level {
    /** One function. */
    FUNCTION,
    /** Every function of an application that asks for a key. */
    HOST,
    /** Those that ask for the master key, and whatever a host key opens. There is one. */
    MASTER
  }

  /**
   * Which key.
   *
   * @param function of level FUNCTION its name, else empty
   * @param name of level MASTER {@link AccessKeys#MASTER}; else up to 64 letters, digits, dots,
   *     dashes and underlines, not beginning with an underline
   */
  record KeyId(Level level, String function, String name) {
    public static KeyId function(String function, String name) {
      return new KeyId(Level.FUNCTION, function, name);
    }

    public static KeyId host(String name) {
      return new KeyId(Level.HOST, "", name);
    }

    public static KeyId master() {
      return new KeyId(Level.MASTER, "", AccessKeys.MASTER);
    }
  }

  /** The keys that were made for an application; none for an unknown one. */
  AccessKeys keys(ApplicationId application);

  /**
   * Makes a key, in place of the one of that name where there is one, and completes with it. Fails
   * with INVALID_ARGUMENT for a name that none can have, with LIMIT_EXCEEDED beyond 1,000 keys of
   * an application, with RESOURCE_UNAVAILABLE where it cannot be kept: then the one before stays in
   * force.
   */
  CompletableFuture<String> rotate(ApplicationId application, KeyId key);

  /**
   * Removes a key; completes with false where there is none. Fails with RESOURCE_UNAVAILABLE where
   * a restart of the Runtime would bring it back; it opens nothing all the same.
   */
  CompletableFuture<Boolean> remove(ApplicationId application, KeyId key);

  /** Removes every key of an application that is not to come back. */
  CompletableFuture<Void> forget(ApplicationId application);

  /** How many keys each application has. */
  Map<ApplicationId, Integer> count();
}
