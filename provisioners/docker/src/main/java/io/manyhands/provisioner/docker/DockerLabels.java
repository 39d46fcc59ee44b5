/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.provisioner.docker;

/** The labels by which containers are known again. */
final class DockerLabels {
  static final String IDENTITY = "io.manyhands.identity";
  static final String KEY = "io.manyhands.key";
  static final String STACK = "io.manyhands.stack";
  static final String VERSION = "io.manyhands.stack-version";
  static final String ENDPOINT_NAME = "io.manyhands.endpoint-name";
  static final String ENDPOINT = "io.manyhands.endpoint";
  static final String APPLICATION = "io.manyhands.application";
  static final String TENANT = "io.manyhands.tenant";

  private DockerLabels() {}
}
