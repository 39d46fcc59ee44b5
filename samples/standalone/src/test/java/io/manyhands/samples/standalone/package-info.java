/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** Builds the stand-alone samples as a user would. May import the JDK, JUnit and AssertJ. */
package io.manyhands.samples.standalone;
