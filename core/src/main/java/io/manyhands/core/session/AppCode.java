/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.session;

import java.util.Optional;

/**
 * Where an application's code is for its workers.
 *
 * @param directory as the worker sees it; may be empty
 * @param archive what is to be fetched before, where the code is not there already
 */
public record AppCode(String directory, Optional<CodePackage> archive) {
  /** Files that the worker sees already; empty for code that is part of the worker. */
  public static AppCode at(String directory) {
    return new AppCode(directory, Optional.empty());
  }

  /** Files that an agent fetches. */
  public static AppCode of(CodePackage archive) {
    return new AppCode(CodePackage.DIRECTORY, Optional.of(archive));
  }
}
