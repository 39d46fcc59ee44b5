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
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs and verifies resume tokens: claims in clear, then an HMAC-SHA256 over them with a key of
 * this Runtime's name. A worker may read its token; it cannot make one. Thread-safe.
 */
public final class ResumeTokens {
  private static final String VERSION = "mhr1";
  private static final String ALGORITHM = "HmacSHA256";
  private static final int FIELDS = 11;

  /** Longer than any that was issued: whatever is longer need not be looked at. */
  private static final int LONGEST = 4096;

  private final String runtimeId;
  private final String incarnation;
  private final SecretKeySpec key;

  /**
   * @param incarnation differs after each start of the Runtime
   */
  public ResumeTokens(String runtimeId, String incarnation, byte[] key) {
    this.runtimeId = runtimeId;
    this.incarnation = incarnation;
    this.key = new SecretKeySpec(key, ALGORITHM);
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
    String claims =
        String.join(
            "\n",
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
            assignment.map(to -> to.revision().value()).orElse(""));
    return encode(claims.getBytes(StandardCharsets.UTF_8)) + "." + encode(sign(claims));
  }

  /** The claims of a token that a Runtime of this name signed; empty for everything else. */
  public Optional<ResumeClaims> verify(String token) {
    int dot = token.indexOf('.');
    if (dot < 0 || token.length() > LONGEST) {
      return Optional.empty();
    }
    try {
      Base64.Decoder decoder = Base64.getUrlDecoder();
      String claims = new String(decoder.decode(token.substring(0, dot)), StandardCharsets.UTF_8);
      if (!MessageDigest.isEqual(sign(claims), decoder.decode(token.substring(dot + 1)))) {
        return Optional.empty();
      }
      List<String> fields = List.of(claims.split("\n", -1));
      return fields.size() == FIELDS
              && fields.get(0).equals(VERSION)
              && fields.get(1).equals(runtimeId)
          ? Optional.of(claims(fields))
          : Optional.empty();
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

  private byte[] sign(String claims) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac.doFinal(claims.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(ALGORITHM + " belongs to every Java platform", e);
    }
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
