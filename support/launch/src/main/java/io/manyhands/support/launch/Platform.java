/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.launch;

import java.util.Locale;

/**
 * The machine as {@code worker.config.json} speaks of it.
 *
 * @param operatingSystem {@code LINUX}, {@code OSX} or {@code WINDOWS}; stands for {@code {os}}
 * @param architecture {@code X64}, {@code X86}, {@code Arm64} or {@code Arm}; stands for {@code
 *     {architecture}}
 */
public record Platform(String operatingSystem, String architecture) {

  /** The platform of this JVM. */
  public static Platform current() {
    return of(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
  }

  static Platform of(String osName, String osArch) {
    String name = osName.toLowerCase(Locale.ROOT);
    String system;
    if (name.startsWith("windows")) {
      system = "WINDOWS";
    } else if (name.startsWith("mac") || name.contains("darwin")) {
      system = "OSX";
    } else {
      system = "LINUX";
    }
    String architecture =
        switch (osArch.toLowerCase(Locale.ROOT)) {
          case "amd64", "x86_64", "x64" -> "X64";
          case "aarch64", "arm64" -> "Arm64";
          case "x86", "i386", "i486", "i586", "i686" -> "X86";
          case "arm", "armv7l" -> "Arm";
          default -> osArch;
        };
    return new Platform(system, architecture);
  }
}
