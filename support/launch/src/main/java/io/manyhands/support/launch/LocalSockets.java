/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.launch;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;
import java.util.OptionalLong;

/** Finds the kernel's number of a TCP socket on this machine. Linux only. */
final class LocalSockets {
  private static final String ESTABLISHED = "01";

  private LocalSockets() {}

  /**
   * The inode of the socket bound to {@code own} and connected to {@code other}; empty where this
   * machine has none.
   */
  static OptionalLong inodeOf(InetSocketAddress own, InetSocketAddress other) {
    OptionalLong inode = find("self/net/tcp", own, other);
    return inode.isPresent() ? inode : find("self/net/tcp6", own, other);
  }

  private static OptionalLong find(String file, InetSocketAddress own, InetSocketAddress other) {
    String ownPort = ":%04X".formatted(own.getPort());
    String otherPort = ":%04X".formatted(other.getPort());
    for (String line : ProcFiles.lines(file)) {
      String[] fields = line.strip().split("\\s+", 11);
      if (fields.length < 10
          || !fields[1].endsWith(ownPort)
          || !fields[2].endsWith(otherPort)
          || !fields[3].equals(ESTABLISHED)) {
        continue;
      }
      if (address(fields[1]).equals(own.getAddress())
          && address(fields[2]).equals(other.getAddress())) {
        long inode = Long.parseLong(fields[9]);
        return inode == 0 ? OptionalLong.empty() : OptionalLong.of(inode);
      }
    }
    return OptionalLong.empty();
  }

  /** The table holds addresses as 32-bit words in the machine's order; mapped IPv4 becomes IPv4. */
  private static InetAddress address(String field) {
    String hex = field.substring(0, field.indexOf(':'));
    byte[] bytes = new byte[hex.length() / 2];
    boolean little = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    for (int i = 0; i < bytes.length; i++) {
      int at = little ? (i & ~3) + 3 - (i & 3) : i;
      bytes[i] = (byte) Integer.parseInt(hex, at * 2, at * 2 + 2, 16);
    }
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("the kernel reports an address of a strange length", e);
    }
  }
}
