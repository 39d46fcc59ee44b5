/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * What every plug-in of a kind must do, as test classes to extend: a harness says how to make the
 * plug-in and what it supports, and what it does not support must be refused in the documented way.
 * Imports the JDK, JUnit, AssertJ, JSpecify, {@code api} and {@code spi} alone.
 */
@NullMarked
package io.manyhands.testkit.contract;

import org.jspecify.annotations.NullMarked;
