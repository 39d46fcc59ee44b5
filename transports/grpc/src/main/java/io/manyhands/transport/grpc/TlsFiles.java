/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.transport.grpc;

import io.grpc.ServerCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.util.AdvancedTlsX509KeyManager;
import io.grpc.util.AdvancedTlsX509TrustManager;
import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys and certificates from files, read again when these change: connections from then on use the
 * new ones, open ones go on. Files that cannot be read, as in the middle of a change, leave the old
 * ones in force. Blocks; one thread at a time.
 */
final class TlsFiles {
  private static final Logger LOG = LoggerFactory.getLogger(TlsFiles.class);

  private final GrpcTls options;
  private final AdvancedTlsX509KeyManager keys = new AdvancedTlsX509KeyManager();
  private final @Nullable AdvancedTlsX509TrustManager authorities;
  private List<FileTime> seen = List.of();

  private TlsFiles(GrpcTls options) throws GeneralSecurityException {
    this.options = options;
    this.authorities =
        options.clientAuthorities().isPresent()
            ? AdvancedTlsX509TrustManager.newBuilder()
                // A worker is known by its certificate, not by where it dials from.
                .setVerification(
                    AdvancedTlsX509TrustManager.Verification.CERTIFICATE_ONLY_VERIFICATION)
                .build()
            : null;
  }

  /** Reads the files for the first time; what is wrong with them is thrown. */
  static TlsFiles open(GrpcTls options) {
    try {
      TlsFiles files = new TlsFiles(options);
      files.seen = files.times();
      files.read();
      return files;
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      throw new ManyhandsException(
          ErrorCode.RESOURCE_UNAVAILABLE,
          "transport grpc: options tlsCertificate "
              + options.certificate()
              + ", tlsPrivateKey "
              + options.privateKey()
              + options.clientAuthorities().map(file -> ", tlsClientAuthorities " + file).orElse("")
              + ": cannot be used: "
              + e.getMessage()
              + " (expected: PEM files, the key in PKCS#8 without a password)",
          e);
    }
  }

  ServerCredentials credentials() {
    TlsServerCredentials.Builder builder = TlsServerCredentials.newBuilder().keyManager(keys);
    if (authorities != null) {
      builder.trustManager(authorities).clientAuth(TlsServerCredentials.ClientAuth.REQUIRE);
    }
    return builder.build();
  }

  /** Looks whether the files have changed. */
  void reload() {
    try {
      List<FileTime> now = times();
      if (now.equals(seen)) {
        return;
      }
      read();
      seen = now;
      LOG.info("transport grpc: certificate {} was read again", options.certificate());
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      LOG.warn(
          "transport grpc: certificate {} has changed and cannot be used, the one before stays: {}",
          options.certificate(),
          e.getMessage());
    }
  }

  private void read() throws IOException, GeneralSecurityException {
    keys.updateIdentityCredentials(options.certificate().toFile(), options.privateKey().toFile());
    Optional<Path> signers = options.clientAuthorities();
    if (authorities != null && signers.isPresent()) {
      authorities.updateTrustCredentials(signers.get().toFile());
    }
  }

  private List<FileTime> times() throws IOException {
    List<FileTime> times = new ArrayList<>();
    times.add(Files.getLastModifiedTime(options.certificate()));
    times.add(Files.getLastModifiedTime(options.privateKey()));
    if (options.clientAuthorities().isPresent()) {
      times.add(Files.getLastModifiedTime(options.clientAuthorities().get()));
    }
    return times;
  }
}
