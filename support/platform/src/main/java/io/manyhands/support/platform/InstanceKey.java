/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.platform;

import io.manyhands.api.worker.WorkerId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The name of a worker in labels and resource names. A digest, since the id itself is what the
 * worker presents and a platform shows labels to many.
 */
public final class InstanceKey {
  private static final int BYTES = 12;

  private InstanceKey() {}

  /** 24 hexadecimal digits. */
  public static String of(WorkerId worker) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(worker.value().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
