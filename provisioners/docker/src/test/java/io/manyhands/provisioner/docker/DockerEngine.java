/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.provisioner.docker;

import io.manyhands.testkit.contract.ProvisionerHarness;

/** What a test needs of an engine, real or not. */
interface DockerEngine extends AutoCloseable {
  String IDENTITY = "contract";

  /** The option {@code host}. */
  String host();

  /** An image whose entry point is {@code /bin/sh}, with idle.sh, dying.sh and polite.sh. */
  String image();

  /** Kills a container behind everybody's back. */
  void kill(String name);

  /** Containers that run. */
  int running();

  /** Containers that are there. */
  int present();

  void awaitReady(String name);

  default void trouble(ProvisionerHarness.Trouble trouble) {
    throw new UnsupportedOperationException("a real engine behaves");
  }

  default int mostInFlight() {
    throw new UnsupportedOperationException("a real engine does not count");
  }

  default void silenceWatches() {
    throw new UnsupportedOperationException("a real engine tells");
  }

  @Override
  void close();
}
