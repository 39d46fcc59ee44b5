/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.agent;

import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.netty.shaded.io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Opens connections to the Runtimes that the agent knows. On any thread. */
final class RuntimeChannels {
  private static final int WINDOW_BYTES = 1 << 20;
  private static final int CONNECT_MILLIS = 3000;

  private final EventLoopGroup loops;
  private final List<RuntimeAddress> addresses;
  private final Tls tls;
  private final int mostMessageBytes;

  /**
   * What the agent trusts and shows; files are read at each dial, so that they can be changed.
   *
   * @param authorities certificates to trust; null for those of the Java installation
   * @param certificate the agent's own; null for none
   * @param privateKey of that certificate
   */
  record Tls(@Nullable Path authorities, @Nullable Path certificate, @Nullable Path privateKey) {
    static Tls none() {
      return new Tls(null, null, null);
    }

    ChannelCredentials credentials() throws IOException {
      TlsChannelCredentials.Builder builder = TlsChannelCredentials.newBuilder();
      if (authorities != null) {
        builder.trustManager(authorities.toFile());
      }
      if (certificate != null && privateKey != null) {
        builder.keyManager(certificate.toFile(), privateKey.toFile());
      }
      return builder.build();
    }
  }

  RuntimeChannels(
      EventLoopGroup loops, List<RuntimeAddress> addresses, Tls tls, int mostMessageBytes) {
    this.loops = loops;
    this.addresses = List.copyOf(addresses);
    this.tls = tls;
    this.mostMessageBytes = mostMessageBytes;
  }

  int count() {
    return addresses.size();
  }

  RuntimeAddress address(int index) {
    return addresses.get(index);
  }

  /**
   * A connection of its own, which is dialled when it is used.
   *
   * @throws IOException where a file of the certificates cannot be read
   */
  ManagedChannel open(int index) throws IOException {
    RuntimeAddress to = addresses.get(index);
    ChannelCredentials credentials =
        to.tls() ? tls.credentials() : InsecureChannelCredentials.create();
    // A name is looked up anew each time; an address needs no look-up, nor the threads for it.
    NettyChannelBuilder builder =
        NetUtil.isValidIpV4Address(to.host())
            ? NettyChannelBuilder.forAddress(
                new InetSocketAddress(to.host(), to.port()), credentials)
            : NettyChannelBuilder.forAddress(to.host(), to.port(), credentials);
    return builder
        .eventLoopGroup(loops)
        .channelType(NioSocketChannel.class)
        .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
        .directExecutor()
        .maxInboundMessageSize(mostMessageBytes)
        .flowControlWindow(WINDOW_BYTES)
        .build();
  }
}
