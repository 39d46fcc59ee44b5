/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.manyhands.api.Endpoint;
import io.manyhands.api.invocation.Payload;
import io.manyhands.api.invocation.TraceContext;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.spi.transport.StatusInfo;
import io.manyhands.spi.transport.WorkerConnection;
import io.manyhands.spi.transport.WorkerConnection.SendResult;
import io.manyhands.spi.transport.WorkerMessage;
import io.manyhands.spi.transport.WorkerTransport;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A transport of one test, streams over it, and how to wait for them. */
abstract class TransportContractSupport {
  static final Duration GRACE = Duration.ofSeconds(2);

  private final List<WorkerTransport> started = new ArrayList<>();
  private TransportHarness harness;

  /** Makes the transports and workers of one test. */
  protected abstract TransportHarness createHarness() throws Exception;

  /**
   * How long anything may take before it counts as never; generous, because it costs time only
   * where a test fails. Default 60 s.
   */
  protected Duration patience() {
    return Duration.ofSeconds(60);
  }

  @BeforeEach
  final void makeHarness() throws Exception {
    harness = createHarness();
  }

  @AfterEach
  final void closeHarness() {
    try {
      started.forEach(transport -> await(transport.stop(GRACE), "stop after the test"));
    } finally {
      harness.close();
    }
  }

  final TransportHarness harness() {
    return harness;
  }

  final boolean supports(TransportBehaviour behaviour) {
    return harness.behaviours().contains(behaviour);
  }

  /** A stream and both its ends. */
  record Stream(
      WorkerConnection connection, StreamRecording<WorkerMessage> heard, TransportPeer peer) {}

  /** A started transport, and the connections that it presented. */
  final class Listening {
    final WorkerTransport transport;
    final Endpoint endpoint;
    private final BlockingQueue<Presented> presented = new LinkedBlockingQueue<>();

    /**
     * @param around what is to stand between the transport and a recording listener
     */
    Listening(WorkerTransport transport, UnaryOperator<WorkerConnection.Acceptor> around) {
      this.transport = transport;
      started.add(transport);
      endpoint = await(transport.start(around.apply(this::present)), "start");
    }

    /** A worker dials in. */
    Stream dial() {
      TransportPeer peer = harness.dial(transport, endpoint);
      Presented connection = next();
      return new Stream(connection.connection(), connection.heard(), peer);
    }

    /** Stops; started transports are stopped once. */
    void stop() {
      started.remove(transport);
      await(transport.stop(GRACE), "stop");
    }

    int waiting() {
      return presented.size();
    }

    private WorkerConnection.Listener present(WorkerConnection connection) {
      StreamRecording<WorkerMessage> heard = new StreamRecording<>();
      presented.add(new Presented(connection, heard));
      return new RecordingListener(heard);
    }

    private Presented next() {
      try {
        Presented next = presented.poll(patience().toNanos(), TimeUnit.NANOSECONDS);
        return next == null ? fail("no connection was presented within " + patience()) : next;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return fail("interrupted");
      }
    }
  }

  private record Presented(WorkerConnection connection, StreamRecording<WorkerMessage> heard) {}

  private record RecordingListener(StreamRecording<WorkerMessage> heard)
      implements WorkerConnection.Listener {
    @Override
    public void onMessage(WorkerMessage message) {
      heard.onMessage(message);
    }

    @Override
    public void onWritable() {
      heard.onWritable();
    }

    @Override
    public void onClosed(String reason, boolean orderly) {
      heard.onEnd(reason, orderly);
    }
  }

  final Listening listen() {
    return new Listening(harness.create(), UnaryOperator.identity());
  }

  final Stream open() {
    return listen().dial();
  }

  /** Sends what must be accepted. */
  final void accepted(Stream stream, HostMessage message) {
    assertThat(stream.connection().send(message)).isEqualTo(SendResult.ACCEPTED);
  }

  final void awaitHeard(StreamRecording<?> recording, int messages) {
    assertThat(recording.await(now -> now.messages().size() >= messages, patience()))
        .as("%s messages within %s", messages, patience())
        .isTrue();
  }

  final StreamRecording.End awaitEnd(StreamRecording<?> recording) {
    assertThat(recording.await(now -> !now.ends().isEmpty(), patience()))
        .as("end of the stream told within %s", patience())
        .isTrue();
    return recording.ends().get(0);
  }

  /** Both directions are alive. */
  final void assertAlive(Stream stream) {
    int there = stream.peer().incoming().messages().size();
    int here = stream.heard().messages().size();
    accepted(stream, new HostMessage.WorkerStatusRequest());
    awaitHeard(stream.peer().incoming(), there + 1);
    stream.peer().send(new WorkerMessage.WorkerStatusResponse());
    awaitHeard(stream.heard(), here + 1);
    assertThat(stream.heard().ends()).isEmpty();
  }

  /** The end was told once and nothing after it, and nothing is taken any more. */
  final void assertOverForGood(Stream stream) {
    assertThat(stream.connection().send(new HostMessage.WorkerStatusRequest()))
        .isEqualTo(SendResult.CLOSED);
    assertThat(stream.connection().send(request("late", new byte[1]))).isEqualTo(SendResult.CLOSED);
    stream.connection().close();
    stream.connection().abort("once more");
    // Nothing may follow; what should not come cannot be waited for, but a neighbour can.
    assertThat(stream.heard().ends()).hasSize(1);
    assertThat(stream.heard().late()).as("callbacks after the end").isZero();
  }

  static HostMessage request(String id, byte[] body) {
    return new HostMessage.InvocationRequest(
        id,
        "function",
        Map.of("input", new Payload.Binary(ByteBuffer.wrap(body))),
        Map.of(),
        new TraceContext("", ""));
  }

  static WorkerMessage response(String id, byte[] body) {
    return new WorkerMessage.InvocationResponse(
        id, StatusInfo.success(), Map.of(), new Payload.Binary(ByteBuffer.wrap(body)));
  }

  static String id(HostMessage message) {
    return message instanceof HostMessage.InvocationRequest request
        ? request.invocationId()
        : message.getClass().getSimpleName();
  }

  static String id(WorkerMessage message) {
    return message instanceof WorkerMessage.InvocationResponse response
        ? response.invocationId()
        : message.getClass().getSimpleName();
  }

  static byte[] bytes(@Nullable Payload payload) {
    if (payload instanceof Payload.Binary binary) {
      byte[] bytes = new byte[binary.value().remaining()];
      binary.value().duplicate().get(bytes);
      return bytes;
    }
    return fail("expected a binary payload, not " + payload);
  }

  final <T> T await(CompletionStage<T> stage, String what) {
    try {
      return stage.toCompletableFuture().get(patience().toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      return fail(what + " failed", e.getCause());
    } catch (TimeoutException e) {
      return fail(what + " did not complete within " + patience());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return fail("interrupted");
    }
  }

  /** The failure of a stage; empty where it succeeded. */
  final Optional<Throwable> failure(CompletionStage<?> stage) {
    try {
      Object unused = stage.toCompletableFuture().get(patience().toNanos(), TimeUnit.NANOSECONDS);
      return Optional.empty();
    } catch (ExecutionException e) {
      return Optional.ofNullable(e.getCause());
    } catch (TimeoutException e) {
      return fail("a stage did not complete within " + patience());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return fail("interrupted");
    }
  }
}
