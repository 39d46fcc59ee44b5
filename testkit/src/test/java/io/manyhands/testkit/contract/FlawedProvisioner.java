/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.contract;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.spi.provision.ProvisionRequest;
import io.manyhands.spi.provision.ProvisionedWorker;
import io.manyhands.spi.provision.ProvisionerListener;
import io.manyhands.spi.provision.StackInfo;
import io.manyhands.spi.provision.Termination;
import io.manyhands.spi.provision.WorkerProvisioner;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/** Does everything on one thread, one thing after another, with at most one mistake. */
final class FlawedProvisioner implements WorkerProvisioner {
  static final WorkerStack HEALTHY = WorkerStack.of("healthy");
  static final WorkerStack DYING = WorkerStack.of("dying");
  static final WorkerStack POLITE = WorkerStack.of("polite");

  private final FlawedPlatform platform;
  private final ExecutorService executor;
  private final ProvisionerFlaw flaw;
  private final boolean first;
  private final Set<WorkerId> accepted = ConcurrentHashMap.newKeySet();
  private final Set<WorkerId> adopted = ConcurrentHashMap.newKeySet();
  private final Set<WorkerId> releasing = ConcurrentHashMap.newKeySet();
  private final Set<WorkerId> ended = ConcurrentHashMap.newKeySet();
  private final Set<WorkerId> polite = ConcurrentHashMap.newKeySet();
  private final Set<WorkerId> forgotten = ConcurrentHashMap.newKeySet();

  /** Requests that are served when their release, which is forgotten, has come: surely late. */
  private final Map<WorkerId, Runnable> pending = new ConcurrentHashMap<>();

  private volatile @Nullable ProvisionerListener listener;
  private volatile boolean stopped;
  private boolean broken;
  private int requests;

  FlawedProvisioner(
      FlawedPlatform platform, ExecutorService executor, ProvisionerFlaw flaw, boolean first) {
    this.platform = platform;
    this.executor = executor;
    this.flaw = flaw;
    this.first = first;
  }

  @Override
  public List<StackInfo> stacks() {
    return listener == null && has(ProvisionerFlaw.HAS_NO_STACKS_BEFORE_THE_START)
        ? List.of()
        : List.of(StackInfo.of(HEALTHY), StackInfo.of(DYING), StackInfo.of(POLITE));
  }

  @Override
  public CompletionStage<Void> start(ProvisionerListener told) {
    return later(
        () -> {
          if (!has(ProvisionerFlaw.LEAVES_ORPHANS)) {
            platform.workers().retainAll(platform.resumable());
          }
          platform.resumable().forEach(worker -> adopt(worker, told));
          if (first || !has(ProvisionerFlaw.CANNOT_BE_FOLLOWED)) {
            listener = told;
          }
        });
  }

  private void adopt(WorkerId worker, ProvisionerListener told) {
    adopted.add(worker);
    accepted.add(worker);
    if (has(ProvisionerFlaw.ENDS_WHAT_IT_TELLS_TO_HAVE_ADOPTED)) {
      platform.workers().remove(worker);
    }
    if (!has(ProvisionerFlaw.ADOPTS_WITHOUT_A_WORD)) {
      told.onRecovered(worker, HEALTHY, ProvisionedWorker.unknown());
    }
  }

  @Override
  public CompletionStage<ProvisionedWorker> request(ProvisionRequest request) {
    CompletableFuture<ProvisionedWorker> answer =
        has(ProvisionerFlaw.FORGETS_WHAT_WAS_CANCELLED)
            ? new ForgetfulAnswer(request.id())
            : new CompletableFuture<>();
    if (has(ProvisionerFlaw.FORGETS_RELEASES_OF_PENDING_REQUESTS)) {
      pending.put(request.id(), () -> serve(request, answer));
    } else {
      executor.execute(() -> serve(request, answer));
    }
    if (has(ProvisionerFlaw.FORGETS_WHAT_WAS_CANCELLED)) {
      return answer;
    }
    return answer.copy();
  }

  @Override
  public CompletionStage<Void> release(WorkerId worker, Duration grace) {
    Runnable asked = pending.remove(worker);
    if (asked != null) {
      executor.execute(asked);
      return CompletableFuture.completedFuture(null);
    }
    if (has(ProvisionerFlaw.SECOND_RELEASE_HANGS) && !releasing.add(worker)) {
      return new CompletableFuture<>();
    }
    return later(
        () -> {
          if (broken || forgotten.contains(worker)) {
            return;
          }
          if (accepted.contains(worker)) {
            boolean gently = polite.remove(worker) && !has(ProvisionerFlaw.USES_FORCE_AT_ONCE);
            OptionalInt code =
                gently ? OptionalInt.of(ProvisionerHarness.POLITE_EXIT_CODE) : OptionalInt.empty();
            end(worker, code, List.of());
          } else if (has(ProvisionerFlaw.TELLS_THE_END_OF_STRANGERS)
              || (has(ProvisionerFlaw.TELLS_DEATH_AND_RELEASE) && ended.contains(worker))) {
            tell(worker, new Termination("who?", OptionalInt.empty(), List.of()));
          }
        });
  }

  @Override
  public CompletionStage<Void> stop(Duration grace) {
    if (listener == null && has(ProvisionerFlaw.STOP_WITHOUT_START_HANGS)) {
      return new CompletableFuture<>();
    }
    return later(
        () -> {
          stopped = true;
          if (!has(ProvisionerFlaw.STOP_LEAVES_WORKERS)) {
            accepted.stream()
                .filter(
                    worker ->
                        !adopted.contains(worker) || !has(ProvisionerFlaw.STOP_LEAVES_THE_ADOPTED))
                .toList()
                .forEach(this::stopped);
          }
        });
  }

  WorkerId announce() {
    WorkerId worker =
        new WorkerId(
            has(ProvisionerFlaw.ANNOUNCES_GUESSABLE_IDS)
                ? "w-" + ++requests
                : UUID.randomUUID().toString());
    accepted.add(worker);
    platform.workers().add(worker);
    ProvisionerListener told = listener;
    if (told != null) {
      told.onExpected(worker, HEALTHY, ProvisionedWorker.unknown());
    }
    return worker;
  }

  /** The platform says that a worker is gone. */
  void notice(WorkerId worker) {
    boolean overlooked =
        adopted.contains(worker)
            ? has(ProvisionerFlaw.OVERLOOKS_DEATH_OF_THE_ADOPTED)
            : has(ProvisionerFlaw.OVERLOOKS_DEATH);
    if (!overlooked) {
      executor.execute(
          () -> {
            if (accepted.contains(worker)) {
              end(worker, OptionalInt.of(137), List.of());
            }
          });
    }
  }

  private void serve(ProvisionRequest request, CompletableFuture<ProvisionedWorker> answer) {
    WorkerId worker = request.id();
    boolean known = List.of(HEALTHY, DYING, POLITE).contains(request.stack());
    if (!known) {
      refuse(
          answer,
          ErrorCode.INVALID_ARGUMENT,
          "stack "
              + request.stack()
              + (has(ProvisionerFlaw.NAMES_NO_STACKS)
                  ? " is unknown"
                  : " is unknown (known: healthy, dying, polite)"));
    } else if (listener == null && !has(ProvisionerFlaw.ACCEPTS_BEFORE_THE_START)) {
      refuse(answer, ErrorCode.PROVISIONING_FAILED, "not started");
    } else if (stopped && !has(ProvisionerFlaw.ACCEPTS_AFTER_THE_STOP)) {
      refuse(answer, ErrorCode.PROVISIONING_FAILED, "stopped");
    } else if (accepted.contains(worker) && !has(ProvisionerFlaw.ACCEPTS_AN_ID_TWICE)) {
      refuse(answer, ErrorCode.PROVISIONING_FAILED, "worker " + worker + " runs already");
    } else if (accepted.size() >= platform.capacity()
        && !has(ProvisionerFlaw.FORGETS_ITS_CAPACITY)) {
      refuse(answer, "no room", ProvisionerHarness.RETRY_AFTER);
    } else if (!has(ProvisionerFlaw.LOSES_REQUESTS_IN_A_CROWD) || ++requests % 20 != 0) {
      ProvisionerHarness.Trouble trouble = platform.takeTrouble().orElse(null);
      if (trouble == null
          || (trouble == ProvisionerHarness.Trouble.CONFLICT
              && !has(ProvisionerFlaw.GIVES_UP_AT_A_CONFLICT))) {
        deliver(request, answer);
      } else {
        meet(trouble, worker, answer);
      }
    }
  }

  private void meet(
      ProvisionerHarness.Trouble trouble,
      WorkerId worker,
      CompletableFuture<ProvisionedWorker> answer) {
    boolean busy =
        trouble == ProvisionerHarness.Trouble.BUSY
            || trouble == ProvisionerHarness.Trouble.UNAVAILABLE;
    if (trouble == ProvisionerHarness.Trouble.BREAKS
        && has(ProvisionerFlaw.BELIEVES_A_BROKEN_ANSWER)) {
      platform.workers().add(worker);
    }
    refuse(
        answer,
        has(ProvisionerFlaw.SWALLOWS_THE_PLATFORMS_WORDS) ? "no" : ProvisionerHarness.REFUSAL,
        busy && !has(ProvisionerFlaw.FORGETS_WHEN_TO_COME_AGAIN)
            ? ProvisionerHarness.RETRY_AFTER
            : null);
  }

  private void deliver(ProvisionRequest request, CompletableFuture<ProvisionedWorker> answer) {
    WorkerId worker = request.id();
    accepted.add(worker);
    platform.workers().add(worker);
    if (request.stack().equals(POLITE)) {
      polite.add(worker);
    }
    boolean dies = request.stack().equals(DYING);
    if (dies && has(ProvisionerFlaw.TELLS_THE_END_BEFORE_ACCEPTANCE)) {
      die(worker);
    }
    if (!has(ProvisionerFlaw.ACCEPTS_ONLY_WHO_CONNECTS)) {
      answer.complete(ProvisionedWorker.unknown());
    }
    if (dies && accepted.contains(worker)) {
      die(worker);
    }
  }

  private void die(WorkerId worker) {
    boolean mute = has(ProvisionerFlaw.LOSES_LAST_WORDS);
    ProvisionerListener told = listener;
    if (told != null) {
      told.onOutput(worker, ProvisionerHarness.LAST_WORDS, false);
    }
    end(
        worker,
        OptionalInt.of(ProvisionerHarness.DYING_EXIT_CODE),
        mute ? List.of() : List.of(ProvisionerHarness.LAST_WORDS));
  }

  private void stopped(WorkerId worker) {
    end(worker, OptionalInt.empty(), List.of());
  }

  private void end(WorkerId worker, OptionalInt exitCode, List<String> lastOutput) {
    accepted.remove(worker);
    ended.add(worker);
    platform.workers().remove(worker);
    if (has(ProvisionerFlaw.TELLS_NO_END_AFTER_RELEASE) && exitCode.isEmpty()) {
      return;
    }
    Termination termination = new Termination("it ended", exitCode, lastOutput);
    tell(worker, termination);
    if (has(ProvisionerFlaw.TELLS_THE_END_TWICE)) {
      tell(worker, termination);
    }
  }

  private void tell(WorkerId worker, Termination termination) {
    ProvisionerListener told = listener;
    if (told == null) {
      return;
    }
    try {
      told.onTerminated(worker, termination);
    } catch (RuntimeException e) {
      broken = has(ProvisionerFlaw.LISTENER_FAILURE_STOPS_IT);
    }
  }

  private CompletionStage<Void> later(Runnable task) {
    return CompletableFuture.runAsync(task, executor);
  }

  private boolean has(ProvisionerFlaw asked) {
    return flaw == asked;
  }

  private static void refuse(
      CompletableFuture<ProvisionedWorker> answer, String why, @Nullable Duration retryAfter) {
    answer.completeExceptionally(
        new ManyhandsException(ErrorCode.PROVISIONING_FAILED, why, null, retryAfter));
  }

  private static void refuse(
      CompletableFuture<ProvisionedWorker> answer, ErrorCode code, String message) {
    answer.completeExceptionally(new ManyhandsException(code, message));
  }

  /** Takes a cancel, in time or too late, for the end of its worker. */
  private final class ForgetfulAnswer extends CompletableFuture<ProvisionedWorker> {
    private final WorkerId worker;

    ForgetfulAnswer(WorkerId worker) {
      this.worker = worker;
    }

    @Override
    public boolean cancel(boolean mayInterrupt) {
      forgotten.add(worker);
      return super.cancel(mayInterrupt);
    }
  }
}
