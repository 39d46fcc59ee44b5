/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.agent;

/**
 * What a new worker presents to the Runtime, once.
 *
 * @param workerId as issued; empty asks for one
 * @param credential the launch token of that id, or the enrolment credential that asks for one;
 *     empty where the id is all the proof
 */
record Passport(String workerId, String credential) {
  /** Without either. */
  @Override
  public String toString() {
    return "Passport[" + (workerId.isEmpty() ? "enrolment" : "issued id") + "]";
  }
}
