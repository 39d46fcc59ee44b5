/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.transport.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.manyhands.api.Endpoint;
import io.manyhands.spi.transport.WorkerConnection;
import io.manyhands.spi.transport.WorkerMessage;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pings of workers' gRPC libraries, which each has at a rate of its own, frame by frame. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class KeepaliveTest {
  private static final int PING = 6;
  private static final int GOAWAY = 7;
  private static final int ACKNOWLEDGEMENT = 1;

  /** With the usual rules of a gRPC server the fourth ends the connection. */
  private static final int PINGS = 4;

  /** A little more than the shortest interval that is permitted. */
  private static final int PAUSE_MILLIS = 1200;

  private static final byte[] NO_SETTINGS = {0, 0, 0, 4, 0, 0, 0, 0, 0};
  private static final byte[] PING_FRAME = {0, 0, 8, PING, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8};

  private record Frame(int type, int flags) {}

  @Test
  void workersMayPingEachSecondAndTheRuntimeNeverDoes() throws Exception {
    GrpcTransport transport = new GrpcTransport(options(), Runnable::run);
    Endpoint endpoint =
        transport.start(connection -> new Deaf()).toCompletableFuture().get(30, TimeUnit.SECONDS);
    List<Frame> heard = new ArrayList<>();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), endpoint.uri().getPort())) {
      socket.setSoTimeout(PAUSE_MILLIS);
      socket
          .getOutputStream()
          .write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().write(NO_SETTINGS);
      for (int ping = 0; ping < PINGS; ping++) {
        socket.getOutputStream().write(PING_FRAME);
        listen(socket, heard);
      }
    } finally {
      transport.stop(Duration.ofSeconds(5)).toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    assertThat(heard).extracting(Frame::type).doesNotContain(GOAWAY);
    List<Frame> pings = heard.stream().filter(frame -> frame.type == PING).toList();
    assertThat(pings).hasSize(PINGS);
    assertThat(pings).extracting(Frame::flags).containsOnly(ACKNOWLEDGEMENT);
  }

  /** Takes frames until there has been none for a while. */
  private static void listen(Socket socket, List<Frame> heard) throws IOException {
    DataInputStream input = new DataInputStream(socket.getInputStream());
    try {
      while (true) {
        int length = (input.readUnsignedByte() << 16) | input.readUnsignedShort();
        Frame frame = new Frame(input.readUnsignedByte(), input.readUnsignedByte());
        input.readInt();
        input.readFully(new byte[length]);
        heard.add(frame);
      }
    } catch (SocketTimeoutException e) {
      // It has said what it had to say.
    }
  }

  private static GrpcOptions options() {
    return new GrpcOptions(
        "127.0.0.1",
        0,
        1,
        new GrpcOptions.Limits(1 << 20, 1 << 20, 1 << 20, 1 << 20),
        new GrpcOptions.Timeouts(
            Duration.ofSeconds(30), Duration.ofSeconds(10), Duration.ofSeconds(60)),
        Optional.empty());
  }

  private static final class Deaf implements WorkerConnection.Listener {
    @Override
    public void onMessage(WorkerMessage message) {}

    @Override
    public void onClosed(String reason, boolean orderly) {}
  }
}
