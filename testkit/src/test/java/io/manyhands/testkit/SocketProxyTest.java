/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 1, unit = TimeUnit.MINUTES)
class SocketProxyTest {
  private ServerSocket target;
  private SocketProxy proxy;
  private Socket client;
  private Socket server;

  @BeforeEach
  void connect() throws IOException {
    target = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    proxy = new SocketProxy((InetSocketAddress) target.getLocalSocketAddress());
    client = new Socket();
    client.connect(proxy.address());
    server = target.accept();
  }

  @AfterEach
  void close() throws IOException {
    proxy.close();
    client.close();
    server.close();
    target.close();
  }

  @Test
  void bytesPassBothWaysAndSoDoesTheEnd() throws IOException {
    client.getOutputStream().write(new byte[] {1, 2});
    assertThat(server.getInputStream().readNBytes(2)).containsExactly(1, 2);
    server.getOutputStream().write(3);
    assertThat(client.getInputStream().read()).isEqualTo(3);
    client.shutdownOutput();
    assertThat(server.getInputStream().read()).isEqualTo(-1);
    server.getOutputStream().write(4);
    assertThat(client.getInputStream().read()).isEqualTo(4);
  }

  @Test
  void cutIsAResetOnBothSides() throws IOException {
    client.getOutputStream().write(1);
    assertThat(server.getInputStream().read()).isEqualTo(1);

    proxy.cut();

    assertThatThrownBy(() -> server.getInputStream().read()).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(IOException.class);
  }

  @Test
  void halfCloseEndsOneDirectionAlone() throws IOException {
    client.getOutputStream().write(1);
    assertThat(server.getInputStream().read()).isEqualTo(1);

    proxy.halfClose(SocketProxy.Direction.TO_TARGET);

    assertThat(server.getInputStream().read()).isEqualTo(-1);
    server.getOutputStream().write(2);
    assertThat(client.getInputStream().read()).isEqualTo(2);
  }

  @Test
  void whatIsHeldBackComesWhenItHeals() throws IOException {
    proxy.hold(SocketProxy.Direction.TO_CLIENT);
    server.getOutputStream().write(new byte[] {5, 6});
    client.setSoTimeout(200);
    assertThatThrownBy(() -> client.getInputStream().read())
        .isInstanceOf(SocketTimeoutException.class);
    client.getOutputStream().write(1);
    assertThat(server.getInputStream().read()).isEqualTo(1);

    proxy.heal();

    client.setSoTimeout(0);
    assertThat(client.getInputStream().readNBytes(2)).containsExactly(5, 6);
  }

  @Test
  void delayMakesEverythingLate() throws IOException {
    Duration delay = Duration.ofMillis(200);
    proxy.delay(delay);
    long begin = System.nanoTime();
    client.getOutputStream().write(1);
    assertThat(server.getInputStream().read()).isEqualTo(1);

    assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(delay.toNanos());
  }

  @Test
  void goAwayComesBetweenTwoFrames() throws IOException {
    byte[] frame = {0, 0, 3, 0, 0, 0, 0, 0, 1, 7, 8, 9};
    server.getOutputStream().write(frame, 0, 10);
    assertThat(client.getInputStream().readNBytes(10)).startsWith(0, 0, 3);

    proxy.goAway(SocketProxy.Direction.TO_CLIENT);
    server.getOutputStream().write(frame, 10, 2);
    server.getOutputStream().write(frame);

    assertThat(client.getInputStream().readNBytes(2)).containsExactly(8, 9);
    assertThat(client.getInputStream().readNBytes(17)).isEqualTo(Http2Frames.goAway());
    assertThat(client.getInputStream().readNBytes(12)).isEqualTo(frame);
  }

  @Test
  void closedProxyRefusesWhoDials() throws IOException {
    InetSocketAddress address = proxy.address();

    proxy.close();

    try (Socket late = new Socket()) {
      assertThatThrownBy(() -> late.connect(address)).isInstanceOf(ConnectException.class);
    }
  }

  @Test
  void portOfAClosedProxyIsFreeAtOnce() throws IOException {
    for (int i = 0; i < 200; i++) {
      SocketProxy brief = new SocketProxy((InetSocketAddress) target.getLocalSocketAddress());
      brief.close();
      try (ServerSocket next = new ServerSocket()) {
        next.bind(brief.address());
      }
    }
  }
}
