/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.packages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackageDownloadTest {
  @TempDir Path directory;
  private final AtomicInteger served = new AtomicInteger();
  private final CountDownLatch end = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer server;
  private PackageStore store;
  private byte[] archive;
  private String sha256;

  @BeforeEach
  void serve() throws IOException {
    Path file = new Zips(directory.resolve("app.zip")).with("a.txt", "from the web").write();
    archive = Files.readAllBytes(file);
    sha256 = Zips.sha256(file);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/good.zip", this::serveArchive);
    server.createContext("/moved.zip", exchange -> redirect(exchange, "/good.zip?key=secret"));
    server.createContext("/circle.zip", exchange -> redirect(exchange, "/circle.zip"));
    server.createContext("/file.zip", exchange -> redirect(exchange, "file:///etc/hosts"));
    server.createContext(
        "/elsewhere.zip", exchange -> redirect(exchange, "http://169.254.169.254/"));
    server.createContext("/absent.zip", exchange -> exchange.sendResponseHeaders(404, -1));
    server.createContext("/broken.zip", exchange -> exchange.sendResponseHeaders(503, -1));
    server.createContext("/endless.zip", this::serveEndlessly);
    server.createContext("/silent.zip", this::serveHalf);
    server.start();
    store = open(PackageOptions.builder());
  }

  @AfterEach
  void stop() throws InterruptedException {
    end.countDown();
    store.close();
    server.stop(0);
    threads.shutdown();
    assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
  }

  private PackageStore open(PackageOptions.Builder options) {
    return PackageStore.in(directory.resolve("store"), options.build());
  }

  private void reopen(PackageOptions.Builder options) {
    store.close();
    store = open(options);
  }

  private URI at(String path) {
    return URI.create("http://localhost:" + server.getAddress().getPort() + path);
  }

  private void serveArchive(HttpExchange exchange) throws IOException {
    served.incrementAndGet();
    exchange.sendResponseHeaders(200, archive.length);
    exchange.getResponseBody().write(archive);
    exchange.close();
  }

  private static void redirect(HttpExchange exchange, String location) throws IOException {
    exchange.getResponseHeaders().set("Location", location);
    exchange.sendResponseHeaders(302, -1);
    exchange.close();
  }

  private void serveEndlessly(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    byte[] chunk = new byte[8192];
    while (end.getCount() > 0) {
      exchange.getResponseBody().write(chunk);
    }
  }

  private void serveHalf(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, archive.length);
    exchange.getResponseBody().write(archive, 0, 10);
    exchange.getResponseBody().flush();
    try {
      end.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    exchange.close();
  }

  private void assertNothingKept() {
    assertThat(directory.resolve("store/archives")).isEmptyDirectory();
    assertThat(directory.resolve("store/unpacked")).isEmptyDirectory();
  }

  @Test
  void packageIsFetchedThroughARedirect() {
    try (UnpackedPackage unpacked = store.open(at("/moved.zip"), sha256)) {
      assertThat(unpacked.directory().resolve("a.txt")).hasContent("from the web");
    }
  }

  @Test
  void thoseWhoAskAtTheSameTimeShareOneFetch() {
    List<CompletableFuture<UnpackedPackage>> asked = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      asked.add(CompletableFuture.supplyAsync(() -> store.open(at("/good.zip"), sha256), threads));
    }
    asked.forEach(each -> each.join().close());
    assertThat(served).hasValue(1);
  }

  @Test
  void queryIsInNoMessage() {
    assertThatThrownBy(() -> store.open(at("/absent.zip?sig=secret"), sha256))
        .hasMessage("package " + at("/absent.zip") + ": answered 404 (expected: 200)")
        .hasToString(
            PackageException.class.getName()
                + ": package "
                + at("/absent.zip")
                + ": answered 404 (expected: 200)");
  }

  @Test
  void refusalIsFinalAndFailureOfTheServerIsNot() {
    assertThatThrownBy(() -> store.open(at("/absent.zip"), sha256))
        .isInstanceOfSatisfying(
            PackageException.class, failure -> assertThat(failure.isRetrySafe()).isFalse());
    assertThatThrownBy(() -> store.open(at("/broken.zip"), sha256))
        .isInstanceOfSatisfying(
            PackageException.class, failure -> assertThat(failure.isRetrySafe()).isTrue());
    assertNothingKept();
  }

  @Test
  void endlessBodyIsCutAtTheLimit() {
    reopen(PackageOptions.builder().maxArchiveBytes(100_000));
    assertThatThrownBy(() -> store.open(at("/endless.zip"), sha256))
        .hasMessageContaining("(expected: at most 100000)");
    assertNothingKept();
  }

  @Test
  void silentServerIsLeftAtTheTimeout() {
    reopen(PackageOptions.builder().fetchTimeout(Duration.ofMillis(300)));
    assertThatThrownBy(() -> store.open(at("/silent.zip"), sha256))
        .hasMessageContaining("not fetched within PT0.3S");
    assertNothingKept();
  }

  @Test
  void redirectsEndSomewhere() {
    assertThatThrownBy(() -> store.open(at("/circle.zip"), sha256))
        .hasMessageContaining("more than 5 redirects");
  }

  @Test
  void redirectIsCheckedAsTheFirstAddressWas() {
    assertThatThrownBy(() -> store.open(at("/file.zip"), sha256))
        .hasMessageContaining("redirects to a file");
    assertThatThrownBy(() -> store.open(at("/elsewhere.zip"), sha256))
        .hasMessageContaining("http://169.254.169.254/: the host is link-local");
    reopen(PackageOptions.builder().allowedSources(List.of(at("/packages/"))));
    assertThatThrownBy(() -> store.open(at("/good.zip"), sha256))
        .hasMessageContaining(
            "not from an allowed source (expected: below one of " + at("/packages/"));
    assertThatThrownBy(() -> store.open(at("/packages/%2e%2e/good.zip"), sha256))
        .hasMessageContaining("not from an allowed source");
    assertThatThrownBy(() -> store.open(at("/packages/../good.zip"), sha256))
        .hasMessageContaining("not from an allowed source");
    assertThat(served).hasValue(0);
  }

  @Test
  void unreachableServerIsNamed() throws IOException {
    URI nobody = at("/good.zip");
    server.stop(0);
    assertThatThrownBy(() -> store.open(nobody, sha256))
        .hasMessageContaining("package " + nobody + ": ")
        .hasMessageContaining("(expected: an answer)");
  }
}
