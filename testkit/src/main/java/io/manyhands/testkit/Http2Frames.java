/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit;

/**
 * Finds where one frame of an HTTP/2 connection ends and the next begins. Belongs to whoever writes
 * that direction.
 */
final class Http2Frames {
  /** PRI * HTTP/2.0, SM and their line ends. */
  private static final int PREFACE_BYTES = 24;

  private static final int HEADER_BYTES = 9;

  private int skip;
  private int header;
  private int payload;

  Http2Frames(boolean fromClient) {
    skip = fromClient ? PREFACE_BYTES : 0;
  }

  /** GOAWAY: 8 bytes, stream 0, all streams so far, no error. */
  static byte[] goAway() {
    return new byte[] {0, 0, 8, 7, 0, 0, 0, 0, 0, 0x7f, -1, -1, -1, 0, 0, 0, 0};
  }

  boolean atBoundary() {
    return skip == 0 && header == 0;
  }

  /** How many bytes from there go up to and including the end of a frame, or all. */
  int advance(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to) {
      if (skip > 0) {
        int part = Math.min(skip, to - at);
        skip -= part;
        at += part;
      } else {
        if (header < 3) {
          payload = (payload << 8) | (bytes[at] & 0xff);
        }
        header++;
        at++;
        if (header == HEADER_BYTES) {
          header = 0;
          skip = payload;
          payload = 0;
        }
      }
      if (atBoundary()) {
        return at - from;
      }
    }
    return at - from;
  }
}
