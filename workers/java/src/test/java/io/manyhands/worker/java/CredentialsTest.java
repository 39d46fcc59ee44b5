/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.TlsServerCredentials;
import io.manyhands.transport.grpc.protocol.link.Hello;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the worker shows, over real sockets; ids are of docs/protocol.md. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class CredentialsTest {
  @TempDir Path directory;
  private @Nullable LinkHost host;
  private @Nullable LinkedWorker worker;

  @AfterEach
  void stop() throws Exception {
    if (worker != null) {
      worker.stop();
    }
    if (host != null) {
      host.stop();
    }
  }

  /** P-LINK-11. */
  @Test
  void launchTokenIsShownOnceAndFromItsFileWhereThereIsOne() throws Exception {
    LinkHost plain = new LinkHost();
    host = plain;
    Path file = Files.writeString(directory.resolve("token"), "of-the-file\n");
    worker =
        LinkedWorker.dial(
            words("http", plain, "w"),
            Map.of(
                "MANYHANDS_CREDENTIAL",
                "of-the-variable",
                "MANYHANDS_CREDENTIAL_FILE",
                file.toString()));
    LinkHost.Stream stream = plain.accept();
    assertThat(stream.hello().getCredential()).isEqualTo("of-the-file");
    stream.welcome(1, "token-1");
    stream.end(io.grpc.Status.UNAVAILABLE);

    Hello again = plain.accept().hello();
    assertThat(again.getCredential()).isEmpty();
    assertThat(again.getResume().getToken()).isEqualTo("token-1");
  }

  /** P-LINK-12. */
  @Test
  void workerOfAPoolIsWhoeverTheWelcomeSays() throws Exception {
    LinkHost plain = new LinkHost();
    host = plain;
    worker =
        LinkedWorker.dial(
            List.of("--functions-uri", "http://127.0.0.1:" + plain.port() + "/"),
            Map.of("MANYHANDS_CREDENTIAL", "mhe1.pool.secret"));
    LinkHost.Stream stream = plain.accept();
    Hello hello = stream.hello();
    assertThat(hello.getWorkerId()).isEmpty();
    assertThat(hello.getCredential()).isEqualTo("mhe1.pool.secret");
    assertThat(hello.getLanguage()).isEqualTo("manyhands-java");
    stream.welcome(
        io.manyhands.transport.grpc.protocol.link.Welcome.newBuilder()
            .setWorkerId("given")
            .setEpoch(1)
            .setResumeToken("token-1"));
    stream.end(io.grpc.Status.UNAVAILABLE);

    assertThat(plain.accept().hello().getWorkerId()).isEqualTo("given");
  }

  /** P-LINK-13. */
  @Test
  void runtimeWithACertificateIsDialledWithTlsAndShownTheWorkersOwn() throws Exception {
    LinkHost secured = secured();
    host = secured;
    worker =
        LinkedWorker.dial(
            words("https", secured, "w"),
            Map.of(
                "MANYHANDS_TLS_AUTHORITIES", file("ca.pem"),
                "MANYHANDS_TLS_CERTIFICATE", file("client.pem"),
                "MANYHANDS_TLS_PRIVATE_KEY", file("client.key")));
    assertThat(secured.accept().hello().getWorkerId()).isEqualTo("w");
  }

  @Test
  void runtimeWhoseCertificateNobodyVouchesForIsShownNothing() throws Exception {
    LinkHost secured = secured();
    host = secured;
    List<String> words = new java.util.ArrayList<>(words("https", secured, "w"));
    words.addAll(List.of("--manyhands-patience-seconds", "1"));
    worker = LinkedWorker.dial(words, Map.of("MANYHANDS_CREDENTIAL", "secret"));

    assertThat(worker.exitCode()).isEqualTo(1);
    assertThat(secured.opened()).isZero();
  }

  @Test
  void fileThatCannotBeUsedIsNamedAndNothingIsShownOfIt() {
    String missing = directory.resolve("missing").toString();
    for (String variable : List.of("MANYHANDS_CREDENTIAL_FILE", "MANYHANDS_TLS_AUTHORITIES")) {
      assertThatThrownBy(() -> Credentials.of(Map.of(variable, missing), false))
          .hasMessageContaining(variable)
          .hasMessageContaining(missing);
    }
    assertThatThrownBy(() -> Credentials.of(Map.of("MANYHANDS_TLS_CERTIFICATE", missing), false))
        .hasMessageContaining("MANYHANDS_TLS_PRIVATE_KEY");
    assertThat(Credentials.of(Map.of("MANYHANDS_CREDENTIAL", "secret"), false).toString())
        .doesNotContain("secret");
  }

  private static List<String> words(String scheme, LinkHost host, String id) {
    return List.of(
        "--functions-uri",
        scheme + "://127.0.0.1:" + host.port() + "/",
        "--functions-worker-id",
        id);
  }

  private static LinkHost secured() throws Exception {
    return new LinkHost(
        0,
        TlsServerCredentials.newBuilder()
            .keyManager(new java.io.File(file("server.pem")), new java.io.File(file("server.key")))
            .trustManager(new java.io.File(file("ca.pem")))
            .clientAuth(TlsServerCredentials.ClientAuth.REQUIRE)
            .build());
  }

  private static String file(String name) throws URISyntaxException {
    return Path.of(
            Objects.requireNonNull(CredentialsTest.class.getResource("/tls/" + name)).toURI())
        .toString();
  }
}
