/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.spi.security.WorkerAuthenticator;
import io.manyhands.spi.security.WorkerAuthenticator.Accepted;
import io.manyhands.spi.security.WorkerAuthenticator.Launch;
import io.manyhands.spi.security.WorkerAuthenticator.Presentation;
import io.manyhands.spi.security.WorkerAuthenticator.Refused;
import io.manyhands.spi.security.WorkerAuthenticator.Verdict;
import io.manyhands.spi.transport.WorkerConnection.PeerCredentials;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What every {@link WorkerAuthenticator} must hold to. */
public abstract class WorkerAuthenticatorContract {
  protected static final WorkerStack STACK = WorkerStack.of("fake", "1");
  private static final Launch PLACEHOLDER = new Launch(new WorkerId("w1"), STACK, Optional.empty());

  protected abstract WorkerAuthenticator authenticator();

  /** Lets time pass. */
  protected abstract void pass(Duration time);

  /** Longer than a launch token is good for. */
  protected abstract Duration tokenLife();

  @Test
  public void launchTokenLetsItsOwnWorkerIn() {
    assertThat(judge(PLACEHOLDER, token(PLACEHOLDER))).isInstanceOf(Accepted.class);
    Launch forOne = application(PLACEHOLDER, "shop");
    assertThat(judge(forOne, token(forOne))).isInstanceOf(Accepted.class);
  }

  @Test
  public void launchTokenOfAnotherWorkerIsRefused() {
    Launch other = new Launch(new WorkerId("w2"), STACK, Optional.empty());
    assertThat(judge(PLACEHOLDER, token(other))).isInstanceOf(Refused.class);
  }

  @Test
  public void launchTokenOfAnotherStackOrVersionIsRefused() {
    for (WorkerStack stack : new WorkerStack[] {WorkerStack.of("fake", "2"), WorkerStack.of("x")}) {
      Launch other = new Launch(PLACEHOLDER.worker(), stack, Optional.empty());
      assertThat(judge(PLACEHOLDER, token(other))).isInstanceOf(Refused.class);
    }
  }

  @Test
  public void launchTokenOfAnotherApplicationOrOfNoneIsRefused() {
    Launch shop = application(PLACEHOLDER, "shop");
    assertThat(judge(shop, token(application(PLACEHOLDER, "bank")))).isInstanceOf(Refused.class);
    assertThat(judge(shop, token(PLACEHOLDER))).isInstanceOf(Refused.class);
    assertThat(judge(PLACEHOLDER, token(shop))).isInstanceOf(Refused.class);
  }

  @Test
  public void launchTokenIsRefusedWhenItsTimeIsOver() {
    String token = token(PLACEHOLDER);
    pass(tokenLife());
    assertThat(judge(PLACEHOLDER, token)).isInstanceOf(Refused.class);
  }

  @Test
  public void launchTokenThatWasChangedIsRefusedWithoutBeingRepeated() {
    String token = token(PLACEHOLDER);
    for (int i = 0; i < token.length(); i++) {
      char other = token.charAt(i) == 'A' ? 'B' : 'A';
      String changed = token.substring(0, i) + other + token.substring(i + 1);
      Verdict verdict = judge(PLACEHOLDER, changed);
      // The last character of unpadded base64 has bits that mean nothing.
      if (i < token.length() - 1) {
        assertThat(verdict).as("character %d", i).isInstanceOf(Refused.class);
        assertThat(((Refused) verdict).reason()).doesNotContain(changed);
      }
    }
    for (String no : new String[] {".", "a.b", "..", "\u0000", "x".repeat(100_000)}) {
      assertThat(judge(PLACEHOLDER, no)).isInstanceOf(Refused.class);
    }
  }

  @Test
  public void strangerWithoutAnythingIsRefused() {
    assertThat(judge(PLACEHOLDER, "")).isInstanceOf(Refused.class);
    assertThat(
            authenticator()
                .judge(new Presentation(Optional.empty(), "", Optional.of(STACK), far())))
        .isInstanceOf(Refused.class);
  }

  @Test
  public void launchTokenIsNoProofOfAnIdThatNobodyIssued() {
    assertThat(
            authenticator()
                .judge(
                    new Presentation(
                        Optional.empty(), token(PLACEHOLDER), Optional.of(STACK), far())))
        .isInstanceOf(Refused.class);
  }

  protected final Verdict judge(Launch issued, String credential) {
    return authenticator()
        .judge(new Presentation(Optional.of(issued), credential, Optional.empty(), far()));
  }

  private String token(Launch launch) {
    return authenticator().launchToken(launch);
  }

  private static Launch application(Launch launch, String id) {
    return new Launch(launch.worker(), launch.stack(), Optional.of(ApplicationId.of(id)));
  }

  /** An extended worker on another machine, without a certificate. */
  protected static PeerCredentials far() {
    try {
      InetAddress address = InetAddress.getByAddress(new byte[] {10, 0, 0, 7});
      return new PeerCredentials(
          Optional.of(new InetSocketAddress(address, 4000)),
          Optional.empty(),
          true,
          Optional.empty());
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are an address", e);
    }
  }
}
