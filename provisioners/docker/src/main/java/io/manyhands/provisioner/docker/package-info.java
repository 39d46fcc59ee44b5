/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * Workers as containers of a Docker engine. Imports docker-java, {@code support.platform}, {@code
 * spi} and {@code api}; public is the plug-in alone.
 */
@NullMarked
package io.manyhands.provisioner.docker;

import org.jspecify.annotations.NullMarked;
