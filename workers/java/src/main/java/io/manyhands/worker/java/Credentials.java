/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.TlsChannelCredentials;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;

/**
 * What the worker shows, from variables of its environment, which other users cannot read:
 *
 * <ul>
 *   <li>{@code MANYHANDS_CREDENTIAL}, or {@code MANYHANDS_CREDENTIAL_FILE}, a file with it: its
 *       launch token, or the enrolment credential of its pool.
 *   <li>{@code MANYHANDS_TLS_AUTHORITIES}: PEM file of who may have signed the Runtime's
 *       certificate; default: the Java platform's authorities. Given, the worker speaks TLS alone;
 *       so it does where the Runtime's address begins with {@code https:}.
 *   <li>{@code MANYHANDS_TLS_CERTIFICATE} and {@code MANYHANDS_TLS_PRIVATE_KEY}: PEM files of its
 *       own certificate, where the Runtime asks for one.
 * </ul>
 *
 * <p>They are gone from the environment with the first reload, as everything in it is.
 *
 * @param token empty for none
 */
record Credentials(String token, ChannelCredentials channel) {
  private static final String TOKEN = "MANYHANDS_CREDENTIAL";
  private static final String TOKEN_FILE = "MANYHANDS_CREDENTIAL_FILE";
  private static final String AUTHORITIES = "MANYHANDS_TLS_AUTHORITIES";
  private static final String CERTIFICATE = "MANYHANDS_TLS_CERTIFICATE";
  private static final String PRIVATE_KEY = "MANYHANDS_TLS_PRIVATE_KEY";

  /**
   * @param tls the Runtime's address asks for it
   * @throws IllegalArgumentException naming the variable where a file cannot be used
   */
  static Credentials of(Map<String, String> environment, boolean tls) {
    return new Credentials(token(environment), channel(environment, tls));
  }

  private static String token(Map<String, String> environment) {
    String file = environment.getOrDefault(TOKEN_FILE, "");
    if (file.isEmpty()) {
      return environment.getOrDefault(TOKEN, "").strip();
    }
    try {
      return Files.readString(Path.of(file)).strip();
    } catch (IOException | InvalidPathException e) {
      throw unusable(TOKEN_FILE, file, e);
    }
  }

  private static ChannelCredentials channel(Map<String, String> environment, boolean tls) {
    String authorities = environment.getOrDefault(AUTHORITIES, "");
    String certificate = environment.getOrDefault(CERTIFICATE, "");
    String key = environment.getOrDefault(PRIVATE_KEY, "");
    if (certificate.isEmpty() != key.isEmpty()) {
      throw new IllegalArgumentException(
          (key.isEmpty() ? PRIVATE_KEY : CERTIFICATE) + ": missing (expected: a PEM file)");
    }
    if (!tls && authorities.isEmpty() && certificate.isEmpty()) {
      return InsecureChannelCredentials.create();
    }
    TlsChannelCredentials.Builder builder = TlsChannelCredentials.newBuilder();
    try {
      if (!authorities.isEmpty()) {
        builder.trustManager(new File(authorities));
      }
    } catch (IOException e) {
      throw unusable(AUTHORITIES, authorities, e);
    }
    try {
      if (!certificate.isEmpty()) {
        builder.keyManager(new File(certificate), new File(key));
      }
    } catch (IOException e) {
      throw unusable(CERTIFICATE, certificate, e);
    }
    return builder.build();
  }

  private static IllegalArgumentException unusable(String variable, String file, Exception e) {
    return new IllegalArgumentException(
        variable + ": file " + file + " cannot be used: " + e.getMessage(), e);
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "Credentials[" + (token.isEmpty() ? "no token" : "token") + "]";
  }
}
