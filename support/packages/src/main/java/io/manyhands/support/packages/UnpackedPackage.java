/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.packages;

import java.nio.file.Path;

/** The files of a package in a directory of one user's own. Safe for any thread. */
public final class UnpackedPackage implements AutoCloseable {
  private final Path directory;
  private final PackageStore store;

  UnpackedPackage(Path directory, PackageStore store) {
    this.directory = directory;
    this.store = store;
  }

  /** Absolute; nobody else was given it. */
  public Path directory() {
    return directory;
  }

  /** Removes the directory. Blocks; a second time does nothing. */
  @Override
  public void close() {
    store.remove(directory);
  }
}
