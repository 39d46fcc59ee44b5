/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.packages;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Copies an archive from its source into a file, within a time and a size. */
final class PackageFetch {
  private static final int MOST_REDIRECTS = 5;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  private final PackageOptions options;
  private final PackageSources sources;
  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(CONNECT_TIMEOUT)
          // Each hop is checked as the first address was.
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  PackageFetch(PackageOptions options) {
    this.options = options;
    this.sources = new PackageSources(options.allowedSources());
  }

  /** Fails where a source is not allowed, though the archive may be in the cache. */
  void checkSource(URI uri) {
    sources.check(uri, null);
  }

  /** Blocks. The file is left behind half-written where this fails. */
  void fetch(URI uri, FileChannel into) throws IOException {
    if ("file".equalsIgnoreCase(uri.getScheme())) {
      copy(uri, into);
    } else {
      download(uri, into);
    }
  }

  private void copy(URI uri, FileChannel into) throws IOException {
    Path file = Path.of(uri.getPath());
    if (!Files.isRegularFile(file)) {
      throw PackageException.refused(
          "package " + PackageSources.shown(uri) + ": not a regular file (expected: a zip)");
    }
    try (FileChannel from = FileChannel.open(file)) {
      requireSize(uri, from.size());
      long position = 0;
      long count;
      // One byte more than allowed is looked for, as the file may grow meanwhile.
      while ((count = from.transferTo(position, options.maxArchiveBytes() + 1 - position, into))
          > 0) {
        position += count;
        requireSize(uri, position);
      }
    } catch (NoSuchFileException absent) {
      throw PackageException.refused(
          "package " + PackageSources.shown(uri) + ": no such file (expected: a zip)", absent);
    }
  }

  private void requireSize(URI uri, long size) {
    if (size > options.maxArchiveBytes()) {
      throw PackageException.refused(
          "package "
              + PackageSources.shown(uri)
              + ": "
              + size
              + " bytes or more (expected: at most "
              + options.maxArchiveBytes()
              + ")");
    }
  }

  private void download(URI first, FileChannel into) throws IOException {
    long end = System.nanoTime() + options.fetchTimeout().toNanos();
    URI uri = first;
    for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
      HttpResponse<Long> response = send(uri, into, end);
      int status = response.statusCode();
      if (status == 200) {
        return;
      }
      if (status != 301 && status != 302 && status != 303 && status != 307 && status != 308) {
        throw answered(uri, status);
      }
      URI next = target(uri, response);
      sources.check(next, uri);
      uri = next;
    }
    throw PackageException.refused(
        "package "
            + PackageSources.shown(first)
            + ": more than "
            + MOST_REDIRECTS
            + " redirects (expected: fewer)");
  }

  private HttpResponse<Long> send(URI uri, FileChannel into, long end) throws IOException {
    HttpRequest request = HttpRequest.newBuilder(uri).GET().build();
    CompletableFuture<HttpResponse<Long>> sent =
        client.sendAsync(
            request,
            info ->
                info.statusCode() == 200
                    ? new FileSubscriber(into, options.maxArchiveBytes())
                    : HttpResponse.BodySubscribers.replacing(0L));
    try {
      return sent.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException late) {
      throw PackageException.unavailable(
          "package "
              + PackageSources.shown(uri)
              + ": not fetched within "
              + options.fetchTimeout()
              + " (expected: a faster source, or a longer fetchTimeout)",
          late);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw PackageException.unavailable(
          "package " + PackageSources.shown(uri) + ": the fetch was interrupted", interrupted);
    } catch (ExecutionException failed) {
      Throwable cause = failed.getCause();
      for (Throwable each = cause; each != null; each = each.getCause()) {
        if (each instanceof FileSubscriber.TooLargeException tooLarge) {
          requireSize(uri, tooLarge.size());
        }
        if (each instanceof FileSubscriber.DiskException disk) {
          throw disk;
        }
      }
      throw PackageException.unavailable(
          "package "
              + PackageSources.shown(uri)
              + ": "
              + (cause == null ? "failed" : cause.getClass().getSimpleName())
              + " (expected: an answer)",
          failed);
    } finally {
      // Ends the exchange where it still runs.
      sent.cancel(true);
    }
  }

  private static URI target(URI uri, HttpResponse<?> response) {
    String location = response.headers().firstValue("location").orElse("");
    try {
      if (!location.isEmpty()) {
        return uri.resolve(location);
      }
    } catch (IllegalArgumentException malformed) {
      // Refused below; the text may hold a secret and is not shown.
    }
    throw PackageException.refused(
        "package "
            + PackageSources.shown(uri)
            + ": answered "
            + response.statusCode()
            + " without a usable Location (expected: an address)");
  }

  private static PackageException answered(URI uri, int status) {
    String message =
        "package " + PackageSources.shown(uri) + ": answered " + status + " (expected: 200)";
    return status >= 500 || status == 429 || status == 408
        ? PackageException.unavailable(message)
        : PackageException.refused(message);
  }
}
