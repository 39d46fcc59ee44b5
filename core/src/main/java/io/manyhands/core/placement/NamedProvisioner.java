/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.placement;

import io.manyhands.spi.provision.WorkerProvisioner;

/** A provisioner and the name that it was configured under. */
public record NamedProvisioner(String name, WorkerProvisioner provisioner) {}
