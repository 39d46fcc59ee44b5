/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.identity;

import io.manyhands.api.ManyhandsException;
import io.manyhands.api.app.AppRevision;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.app.TenantId;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.api.worker.WorkerStack;
import java.util.List;
import java.util.Optional;

/** Signs and verifies resume tokens, with a key of this Runtime's name. Thread-safe. */
public final class ResumeTokens {
  private static final String VERSION = "mhr1";
  private static final int FIELDS = 11;

  private final String runtimeId;
  private final String incarnation;
  private final SignedText signed;

  /**
   * @param incarnation differs after each start of the Runtime
   */
  public ResumeTokens(String runtimeId, String incarnation, byte[] key) {
    this.runtimeId = runtimeId;
    this.incarnation = incarnation;
    this.signed = new SignedText(key);
  }

  /** True where this start of the Runtime issued it. */
  public boolean isOurs(ResumeClaims claims) {
    return claims.incarnation().equals(incarnation);
  }

  public String issue(
      WorkerId worker,
      long epoch,
      WorkerStack stack,
      String origin,
      Optional<ResumeClaims.Assignment> assignment) {
    return signed.sign(
        List.of(
            VERSION,
            runtimeId,
            incarnation,
            worker.value(),
            Long.toString(epoch),
            stack.language(),
            stack.version(),
            origin,
            assignment.map(to -> to.tenant().value()).orElse(""),
            assignment.map(to -> to.application().value()).orElse(""),
            assignment.map(to -> to.revision().value()).orElse("")));
  }

  /** The claims of a token that a Runtime of this name signed; empty for everything else. */
  public Optional<ResumeClaims> verify(String token) {
    try {
      return signed
          .verify(token)
          .filter(
              fields ->
                  fields.size() == FIELDS
                      && fields.get(0).equals(VERSION)
                      && fields.get(1).equals(runtimeId))
          .map(ResumeTokens::claims);
    } catch (IllegalArgumentException | ManyhandsException e) {
      return Optional.empty();
    }
  }

  private static ResumeClaims claims(List<String> fields) {
    return new ResumeClaims(
        new WorkerId(fields.get(3)),
        fields.get(2),
        Long.parseLong(fields.get(4)),
        new WorkerStack(fields.get(5), fields.get(6)),
        fields.get(7),
        fields.get(9).isEmpty()
            ? Optional.empty()
            : Optional.of(
                new ResumeClaims.Assignment(
                    new TenantId(fields.get(8)),
                    new ApplicationId(fields.get(9)),
                    new AppRevision(fields.get(10)))));
  }
}
