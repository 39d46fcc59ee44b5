/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.session;

import io.manyhands.api.app.ApplicationContent;
import java.net.URI;
import java.util.concurrent.CompletableFuture;

/**
 * The code of an application that an agent fetches. Whoever has its files first says what its
 * host.json holds; thread-safe.
 */
public final class CodePackage {
  /**
   * Stands for the place of the files in all that is said to and by a worker; its agent puts its
   * own in (docs/protocol.md, P-LINK-10).
   */
  public static final String DIRECTORY = "/manyhands/package";

  private final ApplicationContent.Package content;
  private final CompletableFuture<String> hostJson = new CompletableFuture<>();

  public CodePackage(ApplicationContent.Package content) {
    this.content = content;
  }

  URI uri() {
    return content.uri();
  }

  String sha256() {
    return content.sha256();
  }

  /** Text of host.json, once a worker has the package; empty where it has none. */
  public CompletableFuture<String> hostJson() {
    return hostJson.copy();
  }

  void unpacked(String text) {
    hostJson.complete(text);
  }

  @Override
  public String toString() {
    return content.toString();
  }
}
