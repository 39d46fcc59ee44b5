/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.manyhands.api.app.AppRevision;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.app.TenantId;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.api.worker.WorkerStack;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ResumeTokensTest {
  private static final byte[] KEY =
      "a key that is thirty-two bytes...".getBytes(StandardCharsets.UTF_8);
  private static final WorkerId WORKER = new WorkerId("0123456789abcdef0123456789abcdef");
  private static final WorkerStack STACK = WorkerStack.of("python", "3.11");
  private static final Optional<ResumeClaims.Assignment> ORDERS =
      Optional.of(
          new ResumeClaims.Assignment(
              new TenantId("acme"), new ApplicationId("orders"), new AppRevision("abc123")));

  private final ResumeTokens tokens = new ResumeTokens("shop", "first", KEY);

  @Test
  void tokenProvesWhatItWasIssuedForAlsoToTheNextStart() {
    String token = tokens.issue(WORKER, 3, STACK, "local", ORDERS);

    ResumeClaims claims = new ResumeTokens("shop", "second", KEY).verify(token).orElseThrow();

    assertThat(claims).isEqualTo(new ResumeClaims(WORKER, "first", 3, STACK, "local", ORDERS));
    assertThat(tokens.isOurs(claims)).isTrue();
    assertThat(new ResumeTokens("shop", "second", KEY).isOurs(claims)).isFalse();
  }

  @Test
  void placeholdersTokenNamesNoApplication() {
    String token = tokens.issue(WORKER, 1, STACK, "local", Optional.empty());

    assertThat(tokens.verify(token).orElseThrow().assignment()).isEmpty();
  }

  @Test
  void tokenOfAnotherRuntimeOrKeyProvesNothing() {
    String token = tokens.issue(WORKER, 1, STACK, "local", ORDERS);
    byte[] other = KEY.clone();
    other[0]++;

    assertThat(new ResumeTokens("bank", "first", KEY).verify(token)).isEmpty();
    assertThat(new ResumeTokens("shop", "first", other).verify(token)).isEmpty();
  }

  @Test
  void tokenWithAnyCharacterChangedProvesNothing() {
    String token = tokens.issue(WORKER, 1, STACK, "local", ORDERS);
    for (int index = 0; index < token.length(); index++) {
      char changed = token.charAt(index) == 'A' ? 'Q' : 'A';
      String forged = token.substring(0, index) + changed + token.substring(index + 1);
      // The last character of either part carries bits that decode to nothing.
      assertThat(tokens.verify(forged).filter(claims -> claims.epoch() != 1)).isEmpty();
      if (index + 1 < token.length() && token.charAt(index + 1) != '.') {
        assertThat(tokens.verify(forged)).as("changed at %s", index).isEmpty();
      }
    }
  }

  @Test
  void whatIsNoTokenProvesNothing() {
    for (String text : new String[] {"", ".", "a.b", "%%%.%%%", "x".repeat(100_000)}) {
      assertThat(tokens.verify(text)).isEmpty();
    }
  }
}
