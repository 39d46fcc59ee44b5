/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.transport.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.ChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.manyhands.api.Endpoint;
import io.manyhands.api.ManyhandsException;
import io.manyhands.spi.PluginConfig;
import io.manyhands.spi.transport.WorkerConnection;
import io.manyhands.spi.transport.WorkerMessage;
import io.manyhands.transport.grpc.protocol.FunctionRpcGrpc;
import io.manyhands.transport.grpc.protocol.StartStream;
import io.manyhands.transport.grpc.protocol.StreamingMessage;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The listener with a certificate, over real sockets. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class TlsTest {
  @TempDir Path directory;

  private final BlockingQueue<WorkerMessage> heard = new LinkedBlockingQueue<>();
  private final List<ManagedChannel> channels = new ArrayList<>();
  private GrpcTransport transport;

  @AfterEach
  void end() throws Exception {
    for (ManagedChannel channel : channels) {
      channel.shutdownNow();
      assertThat(channel.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }
    if (transport != null) {
      transport.stop(Duration.ofMillis(100)).toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
  }

  @Test
  void workerThatTrustsTheAuthorityIsServed() throws Exception {
    Endpoint endpoint = start(withCertificate());

    assertThat(endpoint.uri().getScheme()).isEqualTo("https");
    dial(endpoint, TlsChannelCredentials.newBuilder().trustManager(stream("ca.pem")).build());

    assertThat(heard.poll(30, TimeUnit.SECONDS)).isEqualTo(new WorkerMessage.StartStream("w-1"));
  }

  @Test
  void plaintextIsNotServedWhereThereIsACertificate() throws Exception {
    Endpoint endpoint = start(withCertificate());

    CompletableFuture<Throwable> refused =
        dial(endpoint, io.grpc.InsecureChannelCredentials.create());

    assertThat(refused.get(30, TimeUnit.SECONDS)).isNotNull();
    assertThat(heard).isEmpty();
  }

  @Test
  void workerMustShowACertificateOfTheClientAuthorities() throws Exception {
    Map<String, String> config = withCertificate();
    config.put("tlsClientAuthorities", file("ca.pem").toString());
    Endpoint endpoint = start(config);

    CompletableFuture<Throwable> none =
        dial(endpoint, TlsChannelCredentials.newBuilder().trustManager(stream("ca.pem")).build());
    CompletableFuture<Throwable> stranger =
        dial(
            endpoint,
            TlsChannelCredentials.newBuilder()
                .trustManager(stream("ca.pem"))
                .keyManager(stream("stranger.pem"), stream("stranger.key"))
                .build());
    assertThat(none.get(30, TimeUnit.SECONDS)).isNotNull();
    assertThat(stranger.get(30, TimeUnit.SECONDS)).isNotNull();
    assertThat(heard).isEmpty();

    dial(
        endpoint,
        TlsChannelCredentials.newBuilder()
            .trustManager(stream("ca.pem"))
            .keyManager(stream("client.pem"), stream("client.key"))
            .build());
    assertThat(heard.poll(30, TimeUnit.SECONDS)).isEqualTo(new WorkerMessage.StartStream("w-1"));
  }

  @Test
  void changedCertificateIsShownWithoutARestartAndABrokenOneIsPassedOver() throws Exception {
    Map<String, String> config = withCertificate();
    config.put("tlsReload", "PT0.05S");
    Endpoint endpoint = start(config);
    assertThat(shown(endpoint)).contains("CN=server");

    Files.writeString(file("server.pem"), "in the middle of a change");
    touch("server.pem", 10);
    await().pollDelay(Duration.ofMillis(300)).until(() -> shown(endpoint).contains("CN=server"));
    replace("server.key", "other.key", 20);
    replace("server.pem", "other.pem", 20);

    await().atMost(Duration.ofSeconds(30)).until(() -> shown(endpoint).contains("CN=other"));
  }

  @Test
  void addressThatIsNotLoopbackNeedsACertificateOrAWord() {
    assertThatThrownBy(() -> GrpcOptions.read(config(Map.of("host", "0.0.0.0"))))
        .isInstanceOf(ManyhandsException.class)
        .hasMessageContaining("host")
        .hasMessageContaining("0.0.0.0")
        .hasMessageContaining("tlsCertificate")
        .hasMessageContaining("plaintext=true");

    assertThat(GrpcOptions.read(config(Map.of("host", "0.0.0.0", "plaintext", "true"))).tls())
        .isEmpty();
    assertThat(GrpcOptions.read(config(Map.of("host", "127.0.0.2"))).tls()).isEmpty();
  }

  @Test
  void halfAConfigurationIsRefusedNamingTheOtherHalf() {
    assertThatThrownBy(() -> GrpcOptions.read(config(Map.of("tlsCertificate", "/a.pem"))))
        .hasMessageContaining("tlsPrivateKey");
    assertThatThrownBy(() -> GrpcOptions.read(config(Map.of("tlsPrivateKey", "/a.key"))))
        .hasMessageContaining("tlsCertificate");
    assertThatThrownBy(() -> GrpcOptions.read(config(Map.of("tlsClientAuthorities", "/ca.pem"))))
        .hasMessageContaining("tlsCertificate");
  }

  @Test
  void fileThatIsNotThereOrNoKeyIsNamedAtTheStart() throws Exception {
    Map<String, String> missing = withCertificate();
    missing.put("tlsCertificate", directory.resolve("none.pem").toString());
    assertThatThrownBy(() -> start(missing))
        .hasCauseInstanceOf(ManyhandsException.class)
        .hasMessageContaining("none.pem");

    Map<String, String> swapped = withCertificate();
    swapped.put("tlsPrivateKey", file("server.pem").toString());
    assertThatThrownBy(() -> start(swapped))
        .hasCauseInstanceOf(ManyhandsException.class)
        .hasMessageContaining("tlsPrivateKey")
        .hasMessageContaining("PKCS#8");
  }

  private Map<String, String> withCertificate() throws IOException {
    Map<String, String> config = new TreeMap<>();
    config.put("tlsCertificate", file("server.pem").toString());
    config.put("tlsPrivateKey", file("server.key").toString());
    return config;
  }

  private Endpoint start(Map<String, String> values) throws Exception {
    transport =
        new GrpcTransport(
            GrpcOptions.read(config(values)), task -> new Thread(task, "blocking").start());
    try {
      return transport
          .start(
              connection ->
                  new WorkerConnection.Listener() {
                    @Override
                    public void onMessage(WorkerMessage message) {
                      heard.add(message);
                    }

                    @Override
                    public void onClosed(String reason, boolean orderly) {}
                  })
          .toCompletableFuture()
          .join();
    } catch (CompletionException e) {
      transport.stop(Duration.ZERO);
      throw e;
    }
  }

  /** Opens a stream and says hello; completes with what ends it. */
  private CompletableFuture<Throwable> dial(Endpoint endpoint, ChannelCredentials credentials) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("localhost", endpoint.uri().getPort(), credentials).build();
    channels.add(channel);
    CompletableFuture<Throwable> end = new CompletableFuture<>();
    StreamObserver<StreamingMessage> requests =
        FunctionRpcGrpc.newStub(channel)
            .eventStream(
                new StreamObserver<>() {
                  @Override
                  public void onNext(StreamingMessage message) {}

                  @Override
                  public void onError(Throwable error) {
                    end.complete(error);
                  }

                  @Override
                  public void onCompleted() {}
                });
    requests.onNext(
        StreamingMessage.newBuilder()
            .setStartStream(StartStream.newBuilder().setWorkerId("w-1"))
            .build());
    return end;
  }

  /** Subject of the certificate that the listener shows to a new connection. */
  private static String shown(Endpoint endpoint) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new X509TrustManager[] {new Anyone()}, null);
    try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket()) {
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), endpoint.uri().getPort()));
      socket.startHandshake();
      X509Certificate certificate = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      return certificate.getSubjectX500Principal().getName();
    }
  }

  private static final class Anyone implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  private static PluginConfig config(Map<String, String> values) {
    return new PluginConfig("transport grpc", values);
  }

  private void replace(String name, String by, int seconds) throws IOException {
    Files.copy(file(by), file(name), StandardCopyOption.REPLACE_EXISTING);
    touch(name, seconds);
  }

  /** Another time than before, however coarse the file system's clock. */
  private void touch(String name, int seconds) throws IOException {
    FileTime now = Files.getLastModifiedTime(file(name));
    Files.setLastModifiedTime(file(name), FileTime.from(now.toInstant().plusSeconds(seconds)));
  }

  private Path file(String name) throws IOException {
    Path file = directory.resolve(name);
    if (!Files.exists(file)) {
      try (InputStream resource = stream(name)) {
        Files.copy(resource, file);
      }
    }
    return file;
  }

  private static InputStream stream(String name) {
    return Objects.requireNonNull(TlsTest.class.getResourceAsStream("tls/" + name), name);
  }
}
