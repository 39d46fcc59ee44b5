/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.provisioner.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import io.manyhands.support.platform.PlatformException;
import io.manyhands.support.platform.RetryAfter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two clients of one engine, since an answer has a deadline and a stream has none. Turns what fails
 * into {@link PlatformException}s. Thread-safe.
 */
final class DockerConnection {
  private static final Logger LOG = LoggerFactory.getLogger(DockerConnection.class);

  private final DockerClient calls;
  private final DockerClient streams;
  private final String host;
  private final InstantSource clock;

  /** The header of the calling thread's last answer: the library does not hand headers on. */
  private final ThreadLocal<@Nullable String> retryAfter;

  private DockerConnection(
      DockerClient calls,
      DockerClient streams,
      String host,
      InstantSource clock,
      ThreadLocal<@Nullable String> retryAfter) {
    this.calls = calls;
    this.streams = streams;
    this.host = host;
    this.clock = clock;
    this.retryAfter = retryAfter;
  }

  static DockerConnection of(DockerOptions options, InstantSource clock) {
    DockerOptions.Engine engine = options.engine();
    DockerClientConfig config =
        DefaultDockerClientConfig.createDefaultConfigBuilder()
            .withDockerHost(engine.host())
            .withDockerTlsVerify(engine.certificates().isPresent())
            .withDockerCertPath(engine.certificates().map(Path::toString).orElse(null))
            .build();
    ThreadLocal<@Nullable String> retryAfter = new ThreadLocal<>();
    DockerHttpClient answering =
        new Noting(
            client(config, options.platform().permits() + 8, engine)
                .responseTimeout(engine.answerTimeout())
                .build(),
            retryAfter);
    DockerHttpClient streaming =
        client(config, options.platform().capacity() + 8, engine)
            .responseTimeout(Duration.ZERO)
            .build();
    return new DockerConnection(
        DockerClientImpl.getInstance(config, answering),
        DockerClientImpl.getInstance(config, streaming),
        engine.host(),
        clock,
        retryAfter);
  }

  private static ZerodepDockerHttpClient.Builder client(
      DockerClientConfig config, int connections, DockerOptions.Engine engine) {
    return new ZerodepDockerHttpClient.Builder()
        .dockerHost(config.getDockerHost())
        .sslConfig(config.getSSLConfig())
        .maxConnections(connections)
        .connectionTimeout(engine.connectTimeout());
  }

  DockerClient calls() {
    return calls;
  }

  DockerClient streams() {
    return streams;
  }

  <T> T call(String what, Supplier<T> call) throws PlatformException {
    retryAfter.remove();
    try {
      return call.get();
    } catch (RuntimeException e) {
      throw failed(what, e);
    }
  }

  /** What is gone already, or already as asked for, is well. */
  void ensure(String what, Runnable call) throws PlatformException {
    retryAfter.remove();
    try {
      call.run();
    } catch (NotFoundException | NotModifiedException | ConflictException e) {
      LOG.debug("{}: {}", what, e.getMessage());
    } catch (RuntimeException e) {
      throw failed(what, e);
    }
  }

  PlatformException failed(String what, RuntimeException e) {
    Optional<Duration> wait = RetryAfter.parse(retryAfter.get(), clock.instant());
    if (e instanceof DockerException answer) {
      return PlatformException.ofStatus(
          answer.getHttpStatus(), what + ": " + text(answer), wait, e);
    }
    return new PlatformException(
        PlatformException.Kind.UNREACHABLE, what + ": engine " + host + ": " + root(e), e);
  }

  /** The engine answers JSON with one field. */
  static String text(Exception e) {
    String message = String.valueOf(e.getMessage()).strip();
    int from = message.indexOf("{\"message\":\"");
    int to = message.lastIndexOf("\"}");
    return from >= 0 && to > from ? message.substring(from + 12, to) : message;
  }

  private static String root(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage());
  }

  void close() {
    try {
      calls.close();
      streams.close();
    } catch (IOException e) {
      LOG.debug("a client could not be closed", e);
    }
  }

  /**
   * Notes the header of each answer, and keeps the client from sleeping on it: it repeats by itself
   * what a busy engine refused, but never a body that it can read once alone.
   */
  private record Noting(DockerHttpClient client, ThreadLocal<@Nullable String> retryAfter)
      implements DockerHttpClient {
    @Override
    public Response execute(Request request) {
      byte[] body = request.bodyBytes();
      Response response =
          client.execute(body == null || body.length == 0 ? request : once(request, body));
      retryAfter.set(response.getHeader("Retry-After"));
      return response;
    }

    private static Request once(Request request, byte[] body) {
      return Request.builder()
          .method(request.method())
          .path(request.path())
          .headers(request.headers())
          .body(new ByteArrayInputStream(body))
          .build();
    }

    @Override
    public void close() throws IOException {
      client.close();
    }
  }
}
