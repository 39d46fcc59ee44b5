/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.transport.grpc;

import io.manyhands.spi.PluginConfig;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The listener's certificate and whose certificates it asks for.
 *
 * @param certificate PEM file, the listener's own certificate first, then those that signed it
 * @param privateKey PEM file, PKCS#8, not encrypted
 * @param clientAuthorities PEM file; where it is given a worker must show a certificate that one of
 *     them signed
 * @param reload how often the files are looked at
 */
record GrpcTls(
    Path certificate, Path privateKey, Optional<Path> clientAuthorities, Duration reload) {
  private static final String CERTIFICATE = "tlsCertificate";
  private static final String PRIVATE_KEY = "tlsPrivateKey";
  private static final String CLIENT_AUTHORITIES = "tlsClientAuthorities";
  private static final String PLAINTEXT = "plaintext";

  /** Empty for plaintext, which a host that is not loopback must ask for by name. */
  static Optional<GrpcTls> read(PluginConfig config, String host) {
    Optional<Path> certificate = config.path(CERTIFICATE);
    Optional<Path> privateKey = config.path(PRIVATE_KEY);
    Optional<Path> authorities = config.path(CLIENT_AUTHORITIES);
    Duration reload = config.duration("tlsReload", Duration.ofSeconds(60));
    boolean plaintext = config.flag(PLAINTEXT, false);
    if (certificate.isPresent() && privateKey.isPresent()) {
      if (plaintext) {
        throw config.invalid(PLAINTEXT, "true", "false, or no " + CERTIFICATE);
      }
      return Optional.of(new GrpcTls(certificate.get(), privateKey.get(), authorities, reload));
    }
    if (certificate.isPresent()) {
      throw config.invalid(PRIVATE_KEY, "", "the file of the key to " + CERTIFICATE);
    }
    if (privateKey.isPresent()) {
      throw config.invalid(CERTIFICATE, "", "the file of the certificate to " + PRIVATE_KEY);
    }
    if (authorities.isPresent()) {
      throw config.invalid(
          CERTIFICATE, "", "a certificate, as " + CLIENT_AUTHORITIES + " is given");
    }
    if (!plaintext && !isLoopback(host)) {
      throw config.invalid(
          "host",
          host,
          "an address of this machine alone, or "
              + CERTIFICATE
              + " and "
              + PRIVATE_KEY
              + ", or "
              + PLAINTEXT
              + "=true: workers and their code would cross the network in clear");
    }
    return Optional.empty();
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      // Said when it is opened, with the same words as for any host.
      return true;
    }
  }
}
