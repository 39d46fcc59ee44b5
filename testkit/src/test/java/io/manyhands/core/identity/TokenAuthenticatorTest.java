/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.worker.WorkerEnrolments;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.spi.security.WorkerAuthenticator;
import io.manyhands.spi.security.WorkerAuthenticator.Accepted;
import io.manyhands.spi.security.WorkerAuthenticator.Enrolled;
import io.manyhands.spi.security.WorkerAuthenticator.Launch;
import io.manyhands.spi.security.WorkerAuthenticator.Presentation;
import io.manyhands.spi.security.WorkerAuthenticator.Refused;
import io.manyhands.spi.security.WorkerAuthenticator.Verdict;
import io.manyhands.spi.transport.WorkerConnection.PeerCredentials;
import io.manyhands.testkit.VirtualTime;
import io.manyhands.testkit.contract.WorkerAuthenticatorContract;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TokenAuthenticatorTest extends WorkerAuthenticatorContract {
  private static final Duration DAY = Duration.ofDays(1);

  @TempDir Path directory;
  private final VirtualTime time = new VirtualTime(1);
  private Enrolments enrolments;
  private WorkerAuthenticator authenticator;

  @BeforeEach
  void start() {
    enrolments =
        new Enrolments(
            EnrolmentFile.in(directory), time.seams(), Runnable::run, STACK::acceptsWorkerOf);
    authenticator =
        new TokenAuthenticator(
            "runtime", new byte[32], time.seams().clock(), Duration.ofMinutes(1), enrolments);
  }

  @Override
  protected WorkerAuthenticator authenticator() {
    return authenticator;
  }

  @Override
  protected void pass(Duration passed) {
    time.advance(passed);
  }

  @Override
  protected Duration tokenLife() {
    return Duration.ofSeconds(61);
  }

  @Test
  void tokenOfARuntimeOfAnotherNameIsRefused() {
    Launch launch = new Launch(new WorkerId("w1"), STACK, Optional.empty());
    String other =
        new TokenAuthenticator(
                "other", new byte[32], time.seams().clock(), Duration.ofMinutes(1), enrolments)
            .launchToken(launch);
    assertThat(judge(launch, other)).isInstanceOf(Refused.class);
  }

  @Test
  void extendedWorkerOfThisMachineNeedsNoTokenButAWrongOneIsRefused() {
    Launch launch = new Launch(new WorkerId("w1"), STACK, Optional.empty());
    PeerCredentials near =
        new PeerCredentials(
            Optional.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 4000)),
            Optional.empty(),
            true,
            Optional.empty());
    assertThat(authenticator.judge(presents(launch, "", near))).isInstanceOf(Accepted.class);
    assertThat(authenticator.judge(presents(launch, "wrong", near))).isInstanceOf(Refused.class);
  }

  @Test
  void poolIsLetInUpToItsNumberAndAgainWhenOneHasEnded() {
    String credential = issue(2).credential();
    Enrolled first = (Enrolled) exchange(credential);
    assertThat(first.stack()).isEqualTo(STACK);
    assertThat(exchange(credential)).isInstanceOf(Enrolled.class);
    assertThat(exchange(credential)).isInstanceOf(Refused.class);

    first.ended().run();
    first.ended().run();
    assertThat(exchange(credential)).isInstanceOf(Enrolled.class);
    assertThat(exchange(credential)).isInstanceOf(Refused.class);
    assertThat(enrolments.list())
        .extracting(WorkerEnrolments.Enrolment::workers, WorkerEnrolments.Enrolment::exchanged)
        .containsExactly(org.assertj.core.groups.Tuple.tuple(2, 3L));
  }

  @Test
  void poolOfAnotherStackIsRefused() {
    String credential = issue(2).credential();
    assertThat(
            authenticator.judge(
                new Presentation(
                    Optional.empty(), credential, Optional.of(WorkerStack.of("other")), far())))
        .isInstanceOf(Refused.class);
  }

  @Test
  void revokedOrExpiredCredentialLetsNobodyInAndStaysRevokedAfterARestart() {
    WorkerEnrolments.Issued revoked = issue(1);
    WorkerEnrolments.Issued kept = issue(1);
    assertThat(enrolments.revoke(revoked.enrolment().id()).join()).isTrue();
    assertThat(enrolments.revoke(revoked.enrolment().id()).join()).isFalse();

    start();
    assertThat(exchange(revoked.credential())).isInstanceOf(Refused.class);
    assertThat(exchange(kept.credential())).isInstanceOf(Enrolled.class);
    assertThat(enrolments.list())
        .extracting(WorkerEnrolments.Enrolment::id)
        .containsExactly(kept.enrolment().id());

    start();
    pass(DAY);
    assertThat(exchange(kept.credential())).isInstanceOf(Refused.class);
    assertThat(enrolments.list()).isEmpty();
  }

  @Test
  void secretIsNeitherKeptNorSaid() throws Exception {
    WorkerEnrolments.Issued issued = issue(1);
    String secret = issued.credential().substring(issued.credential().lastIndexOf('.') + 1);
    assertThat(secret).hasSize(64);
    assertThat(Files.readString(directory.resolve("enrolments"))).doesNotContain(secret);
    assertThat(issued.toString()).doesNotContain(secret);
    String wrong = issued.credential().replace(secret, "0".repeat(64));
    assertThat(((Refused) exchange(wrong)).reason()).doesNotContain("000");
  }

  @Test
  void whatMakesNoSenseIsRefusedNamingIt() throws Exception {
    assertThatThrownBy(() -> enrolments.issue(STACK, 0, DAY).join())
        .hasMessageContaining("0 workers");
    assertThatThrownBy(() -> enrolments.issue(STACK, 1, Duration.ZERO).join())
        .hasMessageContaining("PT0S");
    assertThatThrownBy(() -> enrolments.issue(WorkerStack.of("other"), 1, DAY).join())
        .isInstanceOf(CompletionException.class)
        .hasMessageContaining("other")
        .hasMessageContaining("external");

    Files.writeString(directory.resolve("enrolments"), "not\ta credential\n");
    assertThatThrownBy(this::start)
        .isInstanceOfSatisfying(
            ManyhandsException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.RESOURCE_UNAVAILABLE))
        .hasMessageContaining("enrolments");
  }

  private WorkerEnrolments.Issued issue(int workers) {
    return enrolments.issue(STACK, workers, DAY).join();
  }

  private Verdict exchange(String credential) {
    return authenticator.judge(
        new Presentation(Optional.empty(), credential, Optional.of(STACK), far()));
  }

  private static Presentation presents(Launch launch, String credential, PeerCredentials peer) {
    return new Presentation(Optional.of(launch), credential, Optional.empty(), peer);
  }

  /** The contract fails an authenticator that looks at less than all of a token. */
  @Test
  void carelessAuthenticatorIsFoundByTheContract() {
    List<Runnable> musts =
        List.of(
            () -> careless().launchTokenOfAnotherWorkerIsRefused(),
            () -> careless().launchTokenOfAnotherStackOrVersionIsRefused(),
            () -> careless().launchTokenOfAnotherApplicationOrOfNoneIsRefused(),
            () -> careless().launchTokenIsRefusedWhenItsTimeIsOver());
    for (Runnable must : musts) {
      assertThatThrownBy(must::run).isInstanceOf(AssertionError.class);
    }
  }

  private WorkerAuthenticatorContract careless() {
    return new WorkerAuthenticatorContract() {
      @Override
      protected WorkerAuthenticator authenticator() {
        return new WorkerAuthenticator() {
          @Override
          public String launchToken(Launch launch) {
            return "signed";
          }

          @Override
          public Verdict judge(Presentation presentation) {
            return presentation.issued().isPresent() && presentation.credential().equals("signed")
                ? new Accepted()
                : new Refused("no");
          }
        };
      }

      @Override
      protected void pass(Duration passed) {}

      @Override
      protected Duration tokenLife() {
        return DAY;
      }
    };
  }
}
