/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.identity;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.app.AccessKeyManager;
import io.manyhands.api.app.AccessKeys;
import io.manyhands.api.app.ApplicationDefinition;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.core.concurrent.Strand;
import io.manyhands.spi.time.Randomness;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes keys of applications, keeps them, and tells of their change. Thread-safe; changes are made
 * on a strand of the blocking executor.
 */
public final class AccessKeyStore implements AccessKeyManager {
  private static final Logger LOG = LoggerFactory.getLogger(AccessKeyStore.class);
  private static final int MOST = 1000;
  private static final int BYTES = 32;

  private final KeyFile file;
  private final Randomness randomness;
  private final Strand strand;
  private final Map<ApplicationId, MadeKeys> all;
  private volatile Function<ApplicationId, CompletableFuture<Void>> changes =
      application -> CompletableFuture.completedFuture(null);

  /**
   * Reads what was kept; blocks.
   *
   * @throws ManyhandsException RESOURCE_UNAVAILABLE where what was kept cannot be read
   */
  public AccessKeyStore(KeyFile file, Randomness randomness, Executor blocking) {
    this.file = file;
    this.randomness = randomness;
    this.strand = new Strand(blocking, "access keys");
    this.all = new ConcurrentSkipListMap<>(file.read());
  }

  /** Who is told of a change; completes when it is in force. */
  public void onChange(Function<ApplicationId, CompletableFuture<Void>> listener) {
    changes = listener;
  }

  /**
   * The keys of an application that is about to serve, made now where it has none at all. Does not
   * block: they are kept a little later.
   */
  public AccessKeys forStart(ApplicationDefinition definition) {
    if (!definition.keys().isEmpty()) {
      return keys(definition.id());
    }
    MadeKeys known = all.get(definition.id());
    if (known != null) {
      return known.published();
    }
    MadeKeys made =
        MadeKeys.NONE.with(KeyId.host("default"), random()).with(KeyId.master(), random());
    MadeKeys before = all.putIfAbsent(definition.id(), made);
    if (before != null) {
      return before.published();
    }
    strand.execute(() -> keep(definition.id()));
    return made.published();
  }

  private void keep(ApplicationId application) {
    try {
      file.write(all);
    } catch (ManyhandsException e) {
      LOG.warn("keys of application {} end with this Runtime: {}", application, e.getMessage());
    }
  }

  @Override
  public AccessKeys keys(ApplicationId application) {
    return all.getOrDefault(application, MadeKeys.NONE).published();
  }

  @Override
  public Map<ApplicationId, Integer> count() {
    Map<ApplicationId, Integer> counts = new TreeMap<>();
    all.forEach((application, keys) -> counts.put(application, keys.size()));
    return counts;
  }

  @Override
  public CompletableFuture<String> rotate(ApplicationId application, KeyId key) {
    return changed(
        application,
        () -> {
          check(application, key);
          MadeKeys before = all.getOrDefault(application, MadeKeys.NONE);
          if (before.size() >= MOST && !before.has(key)) {
            throw new ManyhandsException(
                ErrorCode.LIMIT_EXCEEDED,
                "application " + application + ": has " + MOST + " keys (expected: fewer)");
          }
          String secret = random();
          // Kept before it is in force: whoever has it will have it after a restart, too.
          Map<ApplicationId, MadeKeys> next = new TreeMap<>(all);
          next.put(application, before.with(key, secret));
          file.write(next);
          all.put(application, before.with(key, secret));
          return secret;
        });
  }

  @Override
  public CompletableFuture<Boolean> remove(ApplicationId application, KeyId key) {
    return changed(
        application,
        () -> {
          MadeKeys before = all.getOrDefault(application, MadeKeys.NONE);
          if (!before.has(key)) {
            return false;
          }
          all.put(application, before.without(key));
          file.write(all);
          return true;
        });
  }

  @Override
  public CompletableFuture<Void> forget(ApplicationId application) {
    return changed(
            application,
            () -> {
              boolean known = all.remove(application) != null;
              if (known) {
                file.write(all);
              }
              return known;
            })
        .thenAccept(known -> {});
  }

  /** The listener hears of it even where it cannot be kept: what was removed opens nothing more. */
  private <T> CompletableFuture<T> changed(ApplicationId application, Supplier<T> change) {
    CompletableFuture<T> result = new CompletableFuture<>();
    strand.execute(
        () -> {
          try {
            T value = change.get();
            changes
                .apply(application)
                .whenComplete(
                    (done, error) -> {
                      if (error == null) {
                        result.complete(value);
                      } else {
                        result.completeExceptionally(error);
                      }
                    });
          } catch (ManyhandsException e) {
            changes
                .apply(application)
                .whenComplete((done, error) -> result.completeExceptionally(e));
          }
        });
    return result;
  }

  private static void check(ApplicationId application, KeyId key) {
    boolean good =
        switch (key.level()) {
          case MASTER -> key.name().equals(AccessKeys.MASTER) && key.function().isEmpty();
          case HOST -> isName(key.name()) && key.function().isEmpty();
          case FUNCTION -> isName(key.name()) && isFunction(key.function());
        };
    if (!good) {
      throw new ManyhandsException(
          ErrorCode.INVALID_ARGUMENT,
          "application "
              + application
              + ": key "
              + key
              + " (expected: a name of up to 64 letters, digits, dots, dashes and underlines that does"
              + " not begin with an underline; a function with level FUNCTION alone)");
    }
  }

  private static boolean isName(String name) {
    return name.matches("[A-Za-z0-9.-][A-Za-z0-9._-]{0,63}");
  }

  private static boolean isFunction(String name) {
    return name.matches("[^\\p{Cntrl}]{1,128}");
  }

  private String random() {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES);
    while (bytes.hasRemaining()) {
      bytes.putLong(randomness.nextLong());
    }
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
  }
}
