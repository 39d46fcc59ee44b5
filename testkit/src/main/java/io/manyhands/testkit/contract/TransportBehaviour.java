/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.contract;

/**
 * What a transport may or may not do. What it does not, it must leave out as said here; {@link
 * WorkerTransportContract} proves either.
 */
public enum TransportBehaviour {
  /**
   * Bounds the size of a message, at {@link TransportHarness#MAXIMUM_MESSAGE_BYTES} in the harness.
   * Otherwise a message of any size passes.
   */
  LIMITS_MESSAGES,
  /**
   * Has an address that only one listener can have. Otherwise every transport is a place of its
   * own, however its endpoint reads, and who dials one never reaches another.
   */
  OCCUPIES_AN_ADDRESS
}
