/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.manyhands.api.app.FunctionDefinition;
import io.manyhands.api.invocation.TraceContext;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.spi.transport.WorkerConnection;
import io.manyhands.spi.transport.WorkerConnection.SendResult;
import io.manyhands.spi.transport.WorkerMessage;
import io.manyhands.spi.transport.WorkerTransport;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What every {@link WorkerTransport} must do. Extend it, say by {@link #createHarness} how yours is
 * made and dialled and what it supports, and run it with JUnit.
 */
public abstract class WorkerTransportContract extends TransportLifecycleContract {
  /** How long a test waits for what must not happen. */
  private static final Duration WATCH = Duration.ofMillis(300);

  @Test
  void streamBeginsWithWhatTheWorkerSaidFirst() {
    Stream stream = open();

    stream.peer().send(new WorkerMessage.StartStream("w-1"));
    stream.peer().send(new WorkerMessage.Heartbeat());

    awaitHeard(stream.heard(), 2);
    assertThat(stream.heard().messages())
        .containsExactly(new WorkerMessage.StartStream("w-1"), new WorkerMessage.Heartbeat());
  }

  @Test
  void messagesArriveInOrderBothWays() {
    Stream stream = open();
    List<String> ids = IntStream.range(0, 500).mapToObj(i -> "i" + i).toList();
    for (String id : ids) {
      accepted(stream, request(id, new byte[100]));
      stream.peer().send(response(id, new byte[100]));
    }
    awaitHeard(stream.peer().incoming(), ids.size());
    awaitHeard(stream.heard(), ids.size());
    assertThat(stream.peer().incoming().messages())
        .extracting(message -> id(message))
        .containsExactlyElementsOf(ids);
    assertThat(stream.heard().messages())
        .extracting(message -> id(message))
        .containsExactlyElementsOf(ids);
  }

  @Test
  void everyKindIsCarriedOrRefusedAsUnsupported() {
    Stream stream = open();
    List<Class<?>> carried = new ArrayList<>();
    List<HostMessage> samples = samples();
    assertThat(samples)
        .extracting(sample -> (Object) sample.getClass())
        .containsExactlyInAnyOrder((Object[]) HostMessage.class.getPermittedSubclasses());
    for (HostMessage sample : samples) {
      if (stream.connection().supports(sample.getClass())) {
        accepted(stream, sample);
        carried.add(sample.getClass());
      } else {
        assertThat(stream.connection().send(sample))
            .as("send of %s", sample.getClass().getSimpleName())
            .isEqualTo(SendResult.UNSUPPORTED);
      }
    }
    accepted(stream, request("last", new byte[0]));
    awaitHeard(stream.peer().incoming(), carried.size() + 1);
    assertThat(stream.peer().incoming().messages())
        .hasSize(carried.size() + 1)
        .extracting(message -> (Object) message.getClass())
        .startsWith(carried.toArray());
  }

  @Test
  void payloadsArriveUnchanged() {
    Stream stream = open();
    byte[] binary = new byte[256];
    byte[] large = new byte[1 << 20];
    for (int i = 0; i < large.length; i++) {
      large[i] = (byte) (i * 31 + i / 251);
      binary[i % 256] = (byte) i;
    }
    List<byte[]> bodies = List.of(new byte[0], binary, large);
    for (byte[] body : bodies) {
      accepted(stream, request("b", body));
      stream.peer().send(response("b", body));
    }
    awaitHeard(stream.peer().incoming(), bodies.size());
    awaitHeard(stream.heard(), bodies.size());
    for (int i = 0; i < bodies.size(); i++) {
      HostMessage there = stream.peer().incoming().messages().get(i);
      WorkerMessage here = stream.heard().messages().get(i);
      assertThat(bytes(((HostMessage.InvocationRequest) there).inputs().get("input")))
          .as("what the worker got")
          .isEqualTo(bodies.get(i));
      assertThat(bytes(((WorkerMessage.InvocationResponse) here).returnValue()))
          .as("what the Runtime got")
          .isEqualTo(bodies.get(i));
    }
  }

  @Test
  void whatTheTransportDoesNotKnowBreaksNothing() {
    Stream stream = open();

    stream.peer().sendUnknown();

    awaitHeard(stream.heard(), 2);
    assertThat(stream.heard().messages().get(0)).isEqualTo(new WorkerMessage.StartStream("newer"));
    assertThat(stream.heard().messages().get(1)).isInstanceOf(WorkerMessage.Unknown.class);
    assertAlive(stream);
  }

  @Test
  void connectionThatIsRefusedEndsAlone() {
    AtomicInteger turn = new AtomicInteger();
    Listening listening =
        new Listening(
            harness().create(),
            inner ->
                connection -> {
                  WorkerConnection.Listener listener = inner.onConnection(connection);
                  if (turn.getAndIncrement() == 0) {
                    connection.abort("refused by the contract");
                  }
                  return listener;
                });
    Stream refused = listening.dial();

    assertThat(awaitEnd(refused.heard()))
        .isEqualTo(new StreamRecording.End("refused by the contract", false));
    assertThat(awaitEnd(refused.peer().incoming()).reason()).isNotBlank();
    assertAlive(listening.dial());
    assertOverForGood(refused);
  }

  @Test
  void acceptorThatThrowsBreaksThatStreamAlone() {
    AtomicInteger turn = new AtomicInteger();
    Listening listening =
        new Listening(
            harness().create(),
            inner ->
                connection -> {
                  if (turn.getAndIncrement() == 0) {
                    throw new IllegalStateException("planted by the contract");
                  }
                  return inner.onConnection(connection);
                });
    TransportPeer broken = harness().dial(listening.transport, listening.endpoint);

    StreamRecording.End unused = awaitEnd(broken.incoming());

    assertAlive(listening.dial());
  }

  @Test
  void completedStreamEndsInOrder() {
    Stream stream = open();
    stream.peer().send(response("before", new byte[1]));

    stream.peer().complete();

    assertThat(awaitEnd(stream.heard()).orderly()).isTrue();
    assertThat(stream.heard().messages()).extracting(message -> id(message)).contains("before");
    assertOverForGood(stream);
  }

  @Test
  void brokenStreamEndsWithoutOrder() {
    Listening listening = listen();
    Stream stream = listening.dial();
    Stream other = listening.dial();

    stream.peer().abort();

    assertThat(awaitEnd(stream.heard()).orderly()).isFalse();
    assertAlive(other);
    assertOverForGood(stream);
  }

  @Test
  void closeSendsWhatWasAcceptedThenEndsTheStream() {
    Stream stream = open();
    for (int i = 0; i < 100; i++) {
      accepted(stream, request("i" + i, new byte[1000]));
    }

    stream.connection().close();
    stream.connection().close();

    StreamRecording.End atPeer = awaitEnd(stream.peer().incoming());
    assertThat(stream.peer().incoming().messages()).as("before end %s", atPeer).hasSize(100);
    assertThat(stream.peer().incoming().late()).isZero();
    assertThat(awaitEnd(stream.heard()).orderly()).isFalse();
    assertOverForGood(stream);
  }

  @Test
  void abortEndsTheStreamWithItsReason() {
    Listening listening = listen();
    Stream stream = listening.dial();
    Stream other = listening.dial();

    stream.connection().abort("the contract's reason");
    stream.connection().abort("another");

    assertThat(awaitEnd(stream.heard()).orderly()).isFalse();
    assertThat(awaitEnd(stream.peer().incoming()).reason()).isNotBlank();
    assertAlive(other);
    assertOverForGood(stream);
  }

  @Test
  void endIsToldOnceAndNothingAfterIt() {
    Stream stream = open();
    for (int i = 0; i < 200; i++) {
      stream.peer().send(response("i" + i, new byte[100]));
      if (i == 100) {
        stream.connection().abort("in the middle");
        stream.connection().close();
      }
    }
    stream.peer().abort();

    StreamRecording.End unused = awaitEnd(stream.heard());

    assertThat(stream.heard().await(now -> now.late() > 0, WATCH))
        .as("a callback after the end")
        .isFalse();
    assertOverForGood(stream);
  }

  @Test
  void concurrentSendersKeepTheirOrderAndLoseNothing() throws Exception {
    int senders = 4;
    int each = 2000;
    Stream stream = open();
    Queue<Throwable> errors = new ConcurrentLinkedQueue<>();
    CyclicBarrier together = new CyclicBarrier(senders);
    List<Thread> threads =
        IntStream.range(0, senders)
            .mapToObj(
                sender ->
                    new Thread(
                        () -> {
                          try {
                            int unused = together.await(patience().toNanos(), TimeUnit.NANOSECONDS);
                            for (int i = 0; i < each; i++) {
                              sendPatiently(stream, request(sender + "-" + i, new byte[1024]));
                            }
                          } catch (Throwable e) {
                            errors.add(e);
                          }
                        },
                        "contract-sender-" + sender))
            .toList();
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join(patience().multipliedBy(2).toMillis());
    }
    assertThat(errors).isEmpty();
    awaitHeard(stream.peer().incoming(), senders * each);
    List<String> arrived =
        stream.peer().incoming().messages().stream().map(message -> id(message)).toList();
    assertThat(arrived).hasSize(senders * each);
    for (int sender = 0; sender < senders; sender++) {
      String prefix = sender + "-";
      assertThat(arrived.stream().filter(id -> id.startsWith(prefix)))
          .containsExactlyElementsOf(IntStream.range(0, each).mapToObj(i -> prefix + i).toList());
    }
  }

  @Test
  void callbacksOfAConnectionComeOneAtATime() {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch second = new CountDownLatch(1);
    Listening listening =
        new Listening(
            harness().create(),
            inner ->
                connection -> {
                  WorkerConnection.Listener listener = inner.onConnection(connection);
                  return new WorkerConnection.Listener() {
                    @Override
                    public void onMessage(WorkerMessage message) {
                      enter(() -> listener.onMessage(message));
                    }

                    @Override
                    public void onClosed(String reason, boolean orderly) {
                      enter(() -> listener.onClosed(reason, orderly));
                    }

                    private void enter(Runnable callback) {
                      int now = inside.incrementAndGet();
                      most.accumulateAndGet(now, Math::max);
                      if (now > 1) {
                        second.countDown();
                      }
                      try {
                        // Somebody else has time to come in, where that is possible.
                        boolean unused = second.await(10, TimeUnit.MILLISECONDS);
                      } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                      }
                      callback.run();
                      inside.decrementAndGet();
                    }
                  };
                });
    Stream stream = listening.dial();
    for (int i = 0; i < 30; i++) {
      stream.peer().send(response("i" + i, new byte[100]));
    }
    stream.peer().complete();

    assertThat(awaitEnd(stream.heard()).orderly()).isTrue();
    assertThat(stream.heard().messages()).hasSize(30);
    assertThat(most).as("callbacks at once").hasValue(1);
  }

  @Test
  void listenerThatThrowsBreaksItsOwnStreamAlone() {
    AtomicInteger turn = new AtomicInteger();
    Listening listening =
        new Listening(
            harness().create(),
            inner ->
                connection -> {
                  boolean first = turn.getAndIncrement() == 0;
                  WorkerConnection.Listener listener = inner.onConnection(connection);
                  return new WorkerConnection.Listener() {
                    @Override
                    public void onMessage(WorkerMessage message) {
                      listener.onMessage(message);
                      if (first) {
                        throw new IllegalStateException("planted by the contract");
                      }
                    }

                    @Override
                    public void onWritable() {
                      listener.onWritable();
                    }

                    @Override
                    public void onClosed(String reason, boolean orderly) {
                      listener.onClosed(reason, orderly);
                      if (first) {
                        throw new IllegalStateException("planted by the contract");
                      }
                    }
                  };
                });
    Stream faulty = listening.dial();
    Stream sound = listening.dial();

    faulty.peer().send(new WorkerMessage.Heartbeat());

    assertThat(awaitEnd(faulty.heard()).orderly()).isFalse();
    assertThat(awaitEnd(faulty.peer().incoming()).reason()).isNotBlank();
    assertAlive(sound);
    assertAlive(listening.dial());
    assertOverForGood(faulty);
  }

  @Test
  void messageThatIsTooLargeFailsAlone() {
    Stream stream = open();
    byte[] tooLarge = new byte[TransportHarness.MAXIMUM_MESSAGE_BYTES + 1];

    SendResult result = stream.connection().send(request("large", tooLarge));

    if (supports(TransportBehaviour.LIMITS_MESSAGES)) {
      assertThat(result).isEqualTo(SendResult.UNSUPPORTED);
    } else {
      assertThat(result).isEqualTo(SendResult.ACCEPTED);
      awaitHeard(stream.peer().incoming(), 1);
    }
    assertAlive(stream);
  }

  @Test
  void messageOfAWorkerThatIsTooLargeEndsItsStreamAlone() {
    Listening listening = listen();
    Stream greedy = listening.dial();
    Stream modest = listening.dial();

    greedy.peer().send(response("l", new byte[TransportHarness.MAXIMUM_MESSAGE_BYTES + 1]));

    if (supports(TransportBehaviour.LIMITS_MESSAGES)) {
      assertThat(awaitEnd(greedy.heard()).orderly()).isFalse();
      assertThat(greedy.heard().messages()).isEmpty();
      assertOverForGood(greedy);
    } else {
      awaitHeard(greedy.heard(), 1);
      assertAlive(greedy);
    }
    assertAlive(modest);
  }

  private void sendPatiently(Stream stream, HostMessage message) {
    while (true) {
      int told = stream.heard().writable();
      SendResult result = stream.connection().send(message);
      if (result == SendResult.ACCEPTED) {
        return;
      }
      assertThat(result).isEqualTo(SendResult.NOT_ACCEPTED);
      assertThat(stream.heard().await(now -> now.writable() > told, patience()))
          .as("onWritable after a refusal, within %s", patience())
          .isTrue();
    }
  }

  private static List<HostMessage> samples() {
    FunctionDefinition function =
        new FunctionDefinition("hello", "/app", "app.jar", "a.B.run", "java", List.of(), Map.of());
    return List.of(
        new HostMessage.InitRequest("1", Map.of("a", "b"), "/workers", ""),
        new HostMessage.WarmupRequest("/workers"),
        new HostMessage.EnvironmentReloadRequest(Map.of("A", "b"), "/app"),
        new HostMessage.FunctionsMetadataRequest("/app"),
        new HostMessage.FunctionLoadRequest("f-1", function, Map.of()),
        new HostMessage.InvocationRequest(
            "i-1", "f-1", Map.of(), Map.of(), new TraceContext("", "")),
        new HostMessage.InvocationCancel("i-1", Duration.ofSeconds(1)),
        new HostMessage.WorkerStatusRequest(),
        new HostMessage.WorkerTerminate(Duration.ofSeconds(1)),
        new HostMessage.LinkWelcome(
            "w-1",
            2,
            "token",
            Duration.ofSeconds(15),
            Duration.ofSeconds(5),
            List.of("i-1"),
            Optional.empty()),
        new HostMessage.LinkRefusal("not now", Optional.of(Duration.ofSeconds(1))),
        new HostMessage.LinkCredential(
            "token", new HostMessage.LinkAssignment("acme", "orders", "r-1")),
        new HostMessage.LinkAcknowledgement(7),
        new HostMessage.LinkFarewell("restart", true),
        new HostMessage.LinkPackage(
            URI.create("https://packages.example.com/orders.zip"), "ab".repeat(32)));
  }
}
