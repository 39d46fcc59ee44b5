/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.benchmarks.harness;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** One connection, kept open, one request at a time; knows answers with a length only. */
public final class LeanHttpClient implements AutoCloseable {
  private static final String LENGTH = "content-length:";
  private static final int BUFFER = 64 << 10;
  private static final int PATIENCE_MILLIS = 60_000;

  private final Socket socket;
  private final InputStream input;
  private final OutputStream output;
  private final String authority;

  public LeanHttpClient(URI server) throws IOException {
    socket = new Socket(server.getHost(), server.getPort());
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(PATIENCE_MILLIS);
    input = new BufferedInputStream(socket.getInputStream(), BUFFER);
    output = socket.getOutputStream();
    authority = server.getHost() + ":" + server.getPort();
  }

  /** A request that may be sent many times. */
  public byte[] request(String path, byte[] body) {
    byte[] head =
        ("POST "
                + path
                + " HTTP/1.1\r\nHost: "
                + authority
                + "\r\nContent-Type: application/octet-stream\r\nContent-Length: "
                + body.length
                + "\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    byte[] whole = java.util.Arrays.copyOf(head, head.length + body.length);
    System.arraycopy(body, 0, whole, head.length, body.length);
    return whole;
  }

  /** The body of the answer; fails where its status is not 200. */
  public byte[] exchange(byte[] request) throws IOException {
    output.write(request);
    String status = line();
    int length = -1;
    for (String line = line(); !line.isEmpty(); line = line()) {
      if (line.regionMatches(true, 0, LENGTH, 0, LENGTH.length())) {
        length = Integer.parseInt(line.substring(LENGTH.length()).strip());
      }
    }
    if (length < 0) {
      throw new IOException("an answer without a length: " + status);
    }
    byte[] body = input.readNBytes(length);
    if (!status.startsWith("HTTP/1.1 200")) {
      throw new IOException(
          String.format(Locale.ROOT, "%s: %s", status, new String(body, StandardCharsets.UTF_8)));
    }
    return body;
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = input.read(); next != '\n'; next = input.read()) {
      if (next < 0) {
        throw new EOFException("the server closed the connection");
      }
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
