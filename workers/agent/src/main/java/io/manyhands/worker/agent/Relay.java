/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.agent;

import io.manyhands.transport.grpc.protocol.StreamingMessage.ContentCase;
import io.manyhands.transport.grpc.protocol.link.Heartbeat;
import io.manyhands.transport.grpc.protocol.link.Hello;
import io.manyhands.transport.grpc.protocol.link.Resources;
import io.manyhands.transport.grpc.protocol.link.Welcome;
import io.manyhands.transport.grpc.protocol.link.WorkerFrame;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Passes messages between one worker and its Runtime, in order, over however many streams to the
 * Runtime there are in its life. Bounded: where one side does not take what waits for it, the other
 * is not read. Confined to the loop.
 */
final class Relay implements RuntimeLink.Traffic, WorkerStream.Traffic {
  /** What waits for a side that is slow; one message is taken in any case. */
  private static final long ROOM_BYTES = 1 << 20;

  private final WorkerMemory memory;
  private final KeptAnswers kept;
  private final Adaptation adaptation;
  private final Supplier<Resources> use;
  private final Listener listener;
  private final Deque<Item> toRuntime = new ArrayDeque<>();
  private final Deque<Envelope> toWorker = new ArrayDeque<>();
  private final WaitingLogs logs = new WaitingLogs();
  private final StatusWatch watch = new StatusWatch();
  private long toRuntimeBytes;
  private long toWorkerBytes;
  private int queuedCalls;
  private @Nullable RuntimeLink link;
  private @Nullable WorkerStream worker;
  private @Nullable WorkerFrame lastWord;
  private boolean lastWordSaid;

  /** What the relay sees that concerns the worker's life. */
  interface Listener {
    /** The Runtime told the worker to end. */
    void onTerminate();

    void onWorkerStreamEnded(String reason);

    /** The last word is on its way. */
    void onLastWord();
  }

  /** What waits to go to the Runtime; an answer has its invocation's id. */
  private record Item(Envelope message, @Nullable String answerTo) {}

  Relay(
      WorkerMemory memory,
      KeptAnswers kept,
      Adaptation adaptation,
      Supplier<Resources> use,
      Listener listener) {
    this.memory = memory;
    this.kept = kept;
    this.adaptation = adaptation;
    this.use = use;
    this.listener = listener;
  }

  Hello hello(LinkIdentity identity) {
    return identity.hello(memory, kept);
  }

  StatusWatch watch() {
    return watch;
  }

  boolean linked() {
    return link != null;
  }

  // ---- the worker's side

  void attach(WorkerStream stream) {
    worker = stream;
    stream.attach(this);
  }

  /** Its stream is to end in order, as the wish that it end. */
  void completeWorker() {
    WorkerStream stream = worker;
    if (stream != null) {
      stream.complete();
    }
  }

  @Override
  public void onWorkerMessage(Envelope message) throws IOException {
    watch.heard();
    switch (message.kind()) {
      case RPC_LOG -> log(message);
      case INVOCATION_RESPONSE -> answer(message);
      case WORKER_INIT_RESPONSE -> memory.initialized(message.decoded().getWorkerInitResponse());
      case FUNCTION_ENVIRONMENT_RELOAD_RESPONSE ->
          memory.reloaded(message.decoded().getFunctionEnvironmentReloadResponse());
      case FUNCTION_METADATA_RESPONSE ->
          memory.indexed(message.decoded().getFunctionMetadataResponse());
      case FUNCTION_LOAD_RESPONSE -> memory.loaded(message.decoded().getFunctionLoadResponse());
      case START_STREAM -> {
        return;
      }
      case WORKER_STATUS_RESPONSE -> {
        if (watch.isOwn(message.requestId())) {
          return;
        }
      }
      default -> {}
    }
    if (link != null
        && message.kind() != ContentCase.RPC_LOG
        && message.kind() != ContentCase.INVOCATION_RESPONSE) {
      // What was asked on a stream that is gone needs no answer any more.
      offer(new Item(message, null));
    }
    drainToRuntime();
  }

  private void answer(Envelope message) throws IOException {
    String id = message.invocationId();
    memory.ended(id);
    kept.keep(new KeptAnswers.Answer(id, message));
    if (link != null) {
      offer(new Item(message, id));
    }
  }

  /** A line of the worker's own output, or a log entry. */
  void log(Envelope message) {
    if (logs.admit(message)) {
      offer(new Item(message, null));
      drainToRuntime();
    }
  }

  /** Said of the worker as the worker. */
  void say(Envelope message) {
    offer(new Item(message, null));
    drainToRuntime();
  }

  @Override
  public boolean hasRoomForWorker() {
    return toRuntimeBytes < ROOM_BYTES && !kept.full();
  }

  @Override
  public void onWorkerWritable() {
    drainToWorker();
  }

  @Override
  public void onWorkerClosed(String reason) {
    worker = null;
    listener.onWorkerStreamEnded(reason);
  }

  /**
   * The worker has ended: nothing more will come of it. What it answered still goes out, and then
   * this, on this stream or the next.
   */
  void finish(WorkerFrame frame) {
    memory.died();
    toWorker.clear();
    toWorkerBytes = 0;
    queuedCalls = 0;
    lastWord = frame;
    RuntimeLink open = link;
    if (open != null) {
      open.read();
    }
    drainToRuntime();
  }

  // ---- the Runtime's side

  @Override
  public void onWelcome(RuntimeLink opened, Hello said, Welcome welcome) {
    link = opened;
    lastWordSaid = false;
    for (KeptAnswers.Answer answer :
        kept.resume(said.getResume().getAnsweredList(), welcome.getWantedList())) {
      offer(new Item(answer.message(), answer.invocationId()));
    }
    drainToRuntime();
    readWorker();
  }

  @Override
  public void onClosed(RuntimeLink closed) {
    if (link == closed) {
      link = null;
      kept.streamLost();
      toRuntime.removeIf(item -> item.message().kind() != ContentCase.RPC_LOG);
      toRuntimeBytes = toRuntime.stream().mapToLong(item -> item.message().length()).sum();
      readWorker();
    }
  }

  @Override
  public void onMessage(Envelope message) throws IOException {
    if (lastWord != null) {
      return;
    }
    Envelope adapted = message;
    switch (message.kind()) {
      case INVOCATION_REQUEST -> {
        memory.began(message.invocationId());
        queuedCalls++;
      }
      case FUNCTION_LOAD_REQUEST -> memory.loading(message.decoded().getFunctionLoadRequest());
      case WORKER_INIT_REQUEST, WORKER_WARMUP_REQUEST, FUNCTION_ENVIRONMENT_RELOAD_REQUEST ->
          adapted = adaptation.adapt(message);
      case WORKER_TERMINATE -> listener.onTerminate();
      default -> {}
    }
    tellWorker(adapted);
  }

  private void tellWorker(Envelope message) {
    toWorker.add(message);
    toWorkerBytes += message.length();
    drainToWorker();
  }

  /** Asks the worker for a sign of life, where it can give one. */
  void probe(long nowNanos) {
    WorkerStream stream = worker;
    if (stream == null || !stream.isReading() || !memory.answersStatus()) {
      // It may have said something that nobody has read.
      watch.heard();
    } else if (watch.due(nowNanos)) {
      tellWorker(Messages.statusRequest(watch.ask(nowNanos)));
    }
  }

  @Override
  public void onAcknowledged(long answers) {
    kept.acknowledged(answers);
    readWorker();
  }

  @Override
  public void onWritable() {
    drainToRuntime();
    readWorker();
  }

  @Override
  public boolean hasRoom() {
    return toWorkerBytes < ROOM_BYTES;
  }

  @Override
  public Heartbeat heartbeat() {
    return Heartbeat.newBuilder()
        .setResources(
            use.get().toBuilder()
                .setRunningCalls(memory.runningCalls() - queuedCalls)
                .setQueuedCalls(queuedCalls)
                .setKeptBytes(kept.bytes()))
        .build();
  }

  // ---- queues

  private void readWorker() {
    WorkerStream stream = worker;
    if (stream != null && hasRoomForWorker()) {
      stream.read();
    }
  }

  private void offer(Item item) {
    toRuntime.add(item);
    toRuntimeBytes += item.message().length();
  }

  private void drainToRuntime() {
    RuntimeLink open = link;
    while (open != null && open.isReady() && !toRuntime.isEmpty()) {
      Item item = toRuntime.remove();
      toRuntimeBytes -= item.message().length();
      if (item.answerTo() != null) {
        kept.sending(item.answerTo());
      } else if (item.message().kind() == ContentCase.RPC_LOG) {
        logs.sent(item.message()).ifPresent(notice -> offer(new Item(notice, null)));
      }
      open.send(item.message().forRuntime());
    }
    WorkerFrame last = lastWord;
    if (open != null && open.isReady() && toRuntime.isEmpty() && last != null && !lastWordSaid) {
      lastWordSaid = true;
      open.send(last);
      open.halfClose();
      listener.onLastWord();
    }
  }

  private void drainToWorker() {
    WorkerStream stream = worker;
    while (stream != null && stream.isReady() && !toWorker.isEmpty()) {
      Envelope message = toWorker.remove();
      toWorkerBytes -= message.length();
      if (message.kind() == ContentCase.INVOCATION_REQUEST) {
        queuedCalls--;
      }
      stream.send(message.forWorker());
    }
    RuntimeLink open = link;
    if (open != null && hasRoom()) {
      open.read();
    }
  }
}
