/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.api;

import java.net.URI;
import java.util.Objects;

/**
 * A place where a Runtime listens.
 *
 * @param name the plug-in that listens, such as {@code grpc} or {@code http}
 * @param uri scheme, host and port
 */
public record Endpoint(String name, URI uri) {
  public Endpoint {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(uri, "uri");
  }
}
