/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.identity;

import io.manyhands.spi.security.WorkerAuthenticator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * The authenticator where the embedder gives none.
 *
 * <ul>
 *   <li>A stock worker has its unguessable id and nothing else.
 *   <li>An extended worker of an issued id shows its launch token. Without one it is let in where
 *       it shows a client certificate that the listener verified, or dials from this machine, where
 *       its provisioner is asked whether the socket is its process's.
 *   <li>An extended worker without an id shows an enrolment credential.
 * </ul>
 *
 * <p>Thread-safe.
 */
public final class TokenAuthenticator implements WorkerAuthenticator {
  private final LaunchTokens launches;
  private final Enrolments enrolments;

  /**
   * @param validity of a launch token
   */
  public TokenAuthenticator(
      String runtimeId, byte[] key, InstantSource clock, Duration validity, Enrolments enrolments) {
    this.launches = new LaunchTokens(runtimeId, key, clock, validity);
    this.enrolments = enrolments;
  }

  @Override
  public String launchToken(Launch launch) {
    return launches.issue(launch);
  }

  @Override
  public Verdict judge(Presentation presentation) {
    if (presentation.issued().isEmpty()) {
      return presentation.peer().extended() && !presentation.credential().isEmpty()
          ? enrolments.exchange(presentation.credential(), presentation.stack())
          : new Refused("nobody issued its worker id");
    }
    Optional<String> problem =
        presentation.credential().isEmpty()
            ? withoutToken(presentation)
            : launches.problem(presentation.credential(), presentation.issued().get());
    return problem.<Verdict>map(Refused::new).orElseGet(Accepted::new);
  }

  private static Optional<String> withoutToken(Presentation presentation) {
    boolean enough =
        !presentation.peer().extended()
            || presentation.peer().certificate().isPresent()
            || isOfThisMachine(presentation.peer().remote());
    return enough
        ? Optional.empty()
        : Optional.of("it shows no launch token, and is not of this machine");
  }

  /** In process there is no address. */
  private static boolean isOfThisMachine(Optional<InetSocketAddress> remote) {
    return remote.isEmpty()
        || Optional.ofNullable(remote.get().getAddress())
            .filter(InetAddress::isLoopbackAddress)
            .isPresent();
  }
}
