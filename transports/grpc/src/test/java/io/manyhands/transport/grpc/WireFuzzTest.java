/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.transport.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.manyhands.api.Endpoint;
import io.manyhands.spi.PluginConfig;
import io.manyhands.spi.transport.WorkerConnection;
import io.manyhands.spi.transport.WorkerMessage;
import io.manyhands.transport.grpc.protocol.FunctionRpcGrpc;
import io.manyhands.transport.grpc.protocol.InvocationResponse;
import io.manyhands.transport.grpc.protocol.ParameterBinding;
import io.manyhands.transport.grpc.protocol.RpcHttp;
import io.manyhands.transport.grpc.protocol.RpcLog;
import io.manyhands.transport.grpc.protocol.StartStream;
import io.manyhands.transport.grpc.protocol.StatusResult;
import io.manyhands.transport.grpc.protocol.StreamingMessage;
import io.manyhands.transport.grpc.protocol.TypedData;
import io.manyhands.transport.grpc.protocol.WorkerInitResponse;
import io.manyhands.transport.grpc.protocol.link.Hello;
import io.manyhands.transport.grpc.protocol.link.Resume;
import io.manyhands.transport.grpc.protocol.link.WorkerExit;
import io.manyhands.transport.grpc.protocol.link.WorkerFrame;
import io.manyhands.transport.grpc.protocol.link.WorkerLinkGrpc;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Bytes that are no message, or the wrong one, to the decoders and to a listening transport: each
 * is understood or refused, and the stream that brought it alone ends. From seeds, beginning with
 * valid messages; {@code -Dmanyhands.fuzz.seeds=N} runs more. Bytes that found something are kept
 * in fuzz/wire.txt, in base64, and come first.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class WireFuzzTest {
  private static final int SEEDS = Integer.getInteger("manyhands.fuzz.seeds", 150);
  private static final int DECODED_A_SEED = 100;
  private static final Duration BOUND = Duration.ofMinutes(5);

  @Test
  void decodersTakeOrRefuseWhateverComes() {
    StreamFormat[] formats = {new FunctionRpcFormat(), new WorkerLinkFormat()};
    AtomicInteger taken = new AtomicInteger();
    AtomicInteger refused = new AtomicInteger();
    Assertions.assertTimeoutPreemptively(
        BOUND,
        () -> {
          for (byte[] kept : kept()) {
            decode(formats[0], kept, taken, refused);
            decode(formats[1], kept, taken, refused);
          }
          for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            for (int i = 0; i < DECODED_A_SEED; i++) {
              boolean link = random.nextBoolean();
              byte[] bytes = mutated(valid(random, link), random);
              try {
                decode(formats[link ? 1 : 0], bytes, taken, refused);
              } catch (RuntimeException e) {
                throw new AssertionError(
                    "seed " + seed + ": " + Base64.getEncoder().encodeToString(bytes), e);
              }
            }
          }
        });
    assertThat(taken.get()).isPositive();
    assertThat(refused.get()).isPositive();
  }

  private static void decode(
      StreamFormat format, byte[] bytes, AtomicInteger taken, AtomicInteger refused) {
    try {
      assertThat(format.decode(bytes.clone()).toString()).isNotNull();
      taken.incrementAndGet();
    } catch (IOException e) {
      refused.incrementAndGet();
    }
  }

  @Test
  void listenerEndsTheStreamThatBroughtNonsenseAndServesTheOthers() throws Exception {
    BlockingQueue<String> started = new LinkedBlockingQueue<>();
    GrpcTransport transport =
        new GrpcTransport(
            GrpcOptions.read(
                new PluginConfig("transport grpc", Map.of("maximumInboundMessageBytes", "65536"))),
            Runnable::run);
    Endpoint endpoint =
        transport
            .start(connection -> new Starts(started))
            .toCompletableFuture()
            .get(60, TimeUnit.SECONDS);
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(endpoint.uri().getHost(), endpoint.uri().getPort())
            .usePlaintext()
            .build();
    try {
      // It is there before, and must be after.
      Stream neighbour = new Stream(channel, FunctionRpcGrpc.getEventStreamMethod());
      for (int seed = 0; seed < SEEDS; seed++) {
        Random random = new Random(seed);
        boolean link = random.nextBoolean();
        Stream stream =
            new Stream(
                channel,
                link ? WorkerLinkGrpc.getConnectMethod() : FunctionRpcGrpc.getEventStreamMethod());
        for (int i = random.nextInt(8); i >= 0; i--) {
          stream.send(
              random.nextInt(50) == 0 ? new byte[70_000] : mutated(valid(random, link), random));
        }
        stream.close(random.nextBoolean());
        assertThat(stream.ended.get(60, TimeUnit.SECONDS)).as("seed %d", seed).isNotNull();
      }
      started.clear();
      neighbour.send(
          StreamingMessage.newBuilder()
              .setStartStream(StartStream.newBuilder().setWorkerId("neighbour"))
              .build()
              .toByteArray());
      assertThat(started.poll(60, TimeUnit.SECONDS)).isEqualTo("neighbour");
      neighbour.close(true);
    } finally {
      channel.shutdownNow();
      assertThat(channel.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
      transport.stop(Duration.ofMillis(100)).toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
  }

  private static List<byte[]> kept() throws IOException {
    List<byte[]> kept = new ArrayList<>();
    try (InputStream file = WireFuzzTest.class.getResourceAsStream("/fuzz/wire.txt")) {
      assertThat(file).isNotNull();
      new String(file.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .forEach(line -> kept.add(Base64.getDecoder().decode(line.strip())));
    }
    return kept;
  }

  private static byte[] valid(Random random, boolean link) {
    StreamingMessage message = message(random);
    if (!link) {
      return message.toByteArray();
    }
    WorkerFrame.Builder frame = WorkerFrame.newBuilder();
    switch (random.nextInt(3)) {
      case 0 -> frame.setMessage(message);
      case 1 ->
          frame.setHello(
              Hello.newBuilder()
                  .setWorkerId("w")
                  .putLabels("a", "b")
                  .setResume(Resume.newBuilder().setToken("t").addRunning("r").addAnswered("a")));
      default ->
          frame.setWorkerExit(WorkerExit.newBuilder().setExitCode(-7).addLastOutput("words"));
    }
    return frame.build().toByteArray();
  }

  private static StreamingMessage message(Random random) {
    StreamingMessage.Builder message = StreamingMessage.newBuilder().setRequestId("r");
    switch (random.nextInt(4)) {
      case 0 ->
          message.setInvocationResponse(
              InvocationResponse.newBuilder()
                  .setInvocationId("i")
                  .setResult(StatusResult.newBuilder().setStatus(StatusResult.Status.Success))
                  .addOutputData(
                      ParameterBinding.newBuilder()
                          .setName("o")
                          .setData(TypedData.newBuilder().setJson("{}")))
                  .setReturnValue(
                      TypedData.newBuilder()
                          .setHttp(
                              RpcHttp.newBuilder()
                                  .setStatusCode("200")
                                  .putHeaders("a", "b")
                                  .setBody(
                                      TypedData.newBuilder()
                                          .setBytes(ByteString.copyFromUtf8("body"))))));
      case 1 -> message.setRpcLog(RpcLog.newBuilder().setMessage("m").setInvocationId("i"));
      case 2 ->
          message.setWorkerInitResponse(
              WorkerInitResponse.newBuilder().putCapabilities("c", "true").setWorkerVersion("1"));
      default -> message.setStartStream(StartStream.newBuilder().setWorkerId("w"));
    }
    return message.build();
  }

  /** Flipped, cut, doubled, stretched, or with a length that lies. */
  private static byte[] mutated(byte[] valid, Random random) {
    byte[] bytes = valid.clone();
    for (int i = random.nextInt(4); i > 0 && bytes.length > 0; i--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(5)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) (random.nextBoolean() ? 0xff : 0x80);
        case 2 -> bytes = Arrays.copyOf(bytes, at);
        case 3 -> {
          byte[] twice = Arrays.copyOf(bytes, bytes.length + at);
          System.arraycopy(bytes, 0, twice, bytes.length, at);
          bytes = twice;
        }
        default -> {
          byte[] longer = Arrays.copyOf(bytes, bytes.length + 10);
          System.arraycopy(bytes, at, longer, at + 10, bytes.length - at);
          Arrays.fill(longer, at, at + 9, (byte) 0xff);
          longer[at + 9] = 1;
          bytes = longer;
        }
      }
    }
    return bytes;
  }

  private record Starts(BlockingQueue<String> started) implements WorkerConnection.Listener {
    @Override
    public void onMessage(WorkerMessage message) {
      if (message instanceof WorkerMessage.StartStream start) {
        started.add(start.workerId());
      }
    }

    @Override
    public void onClosed(String reason, boolean orderly) {}
  }

  /** A stream that sends whatever bytes it is given. */
  private static final class Stream extends ClientCall.Listener<byte[]> {
    private final CompletableFuture<Status> ended = new CompletableFuture<>();
    private final ClientCall<byte[], byte[]> call;

    Stream(ManagedChannel channel, MethodDescriptor<?, ?> method) {
      call = channel.newCall(method.toBuilder(new Raw(), new Raw()).build(), CallOptions.DEFAULT);
      call.start(this, new Metadata());
      call.request(Integer.MAX_VALUE);
    }

    void send(byte[] bytes) {
      if (!ended.isDone()) {
        call.sendMessage(bytes);
      }
    }

    void close(boolean orderly) {
      if (orderly) {
        call.halfClose();
      } else {
        call.cancel("enough", null);
      }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      ended.complete(status);
    }
  }

  private static final class Raw implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] bytes) {
      return new ByteArrayInputStream(bytes);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
