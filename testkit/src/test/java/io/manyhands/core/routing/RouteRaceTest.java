/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.routing;

import static io.manyhands.core.races.Interleavings.explore;
import static io.manyhands.core.races.Interleavings.require;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.RuntimeOptions;
import io.manyhands.api.app.TenantId;
import io.manyhands.core.limits.CallDoor;
import io.manyhands.core.limits.CallDoors;
import io.manyhands.core.metrics.Metrics;
import io.manyhands.core.races.Interleavings.Race;
import io.manyhands.core.session.RaceCall;
import io.manyhands.core.session.RaceWorker;
import io.manyhands.spi.policy.LoadBalancer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The hand-over between queue, picker and slots, in many orders of threads. */
class RouteRaceTest {
  private static final RoutedFunction CALLABLE =
      new RoutedFunction(Optional.empty(), Optional.empty());

  private static final CallDoor DOOR =
      new CallDoors(RuntimeOptions.defaults(), () -> 0, new Metrics())
          .open(RaceWorker.APP, new TenantId("tenant"));

  /** An application of one function that is open. */
  public abstract static class Routed extends Race {
    private volatile boolean wanted;
    final AppRoute route =
        new AppRoute(
            RaceWorker.APP,
            revision -> wanted = true,
            Routed::firstFree,
            AppRoute.Queues.bounded(10, 1000),
            DOOR,
            Duration.ofSeconds(1));
    final RevisionRoute revision = route.revision();

    Routed() {
      route.open(revision, Map.of("f", CALLABLE), Optional.empty());
    }

    final RaceWorker worker(String name) {
      return new RaceWorker(name, 1, route::onSlotFree);
    }

    final RaceCall submit(String id) {
      RaceCall call = new RaceCall(id);
      route.submit(call.call());
      return call;
    }

    /** Somebody was asked for a worker since the last time. */
    final boolean wanted() {
      boolean was = wanted;
      wanted = false;
      return was;
    }

    private static int firstFree(LoadBalancer.Loads loads) {
      for (int index = 0; index < loads.size(); index++) {
        if (loads.free(index) > 0) {
          return index;
        }
      }
      return -1;
    }
  }

  @Test
  void noCallWaitsWhileASlotIsFree() {
    explore(FreedSlot.class, "submit", "another", "answer");
  }

  /** A slot is freed while calls are put into the queue. */
  public static class FreedSlot extends Routed {
    private final RaceWorker worker = worker("w");
    private final RaceCall running;
    private final RaceCall first = new RaceCall("1");
    private final RaceCall second = new RaceCall("2");

    public FreedSlot() {
      revision.serve(List.of(worker));
      running = submit("0");
    }

    public void submit() {
      route.submit(first.call());
    }

    public void another() {
      route.submit(second.call());
    }

    public void answer() {
      worker.answer("0");
    }

    @Override
    protected void check() {
      require(running.completions() == 1, "the running call is answered");
      require(worker.sent().size() == 2 && route.queued() == 1, "one goes, the other waits");
      worker.answerAll();
      worker.answerAll();
      require(first.completions() == 1 && second.completions() == 1, "both are answered");
      require(route.queued() == 0 && worker.inFlightCalls() == 0, "nothing is left");
    }
  }

  @Test
  void callOfAWorkerThatIsReplacedGoesToTheNext() {
    explore(Replaced.class, "submit", "replace");
  }

  /** The picker is swapped while a call is sent. */
  public static class Replaced extends Routed {
    private final RaceWorker old = worker("a");
    private final RaceWorker next = worker("b");
    private final RaceCall call = new RaceCall("1");

    public Replaced() {
      revision.serve(List.of(old));
    }

    public void submit() {
      route.submit(call.call());
    }

    public void replace() {
      old.lose();
      revision.serve(List.of(next));
    }

    @Override
    protected void check() {
      require(old.sent().size() + next.sent().size() == 1, "sent once");
      require(
          call.error() == (old.sent().isEmpty() ? null : ErrorCode.WORKER_LOST),
          "lost with its worker, or running on the next");
      require(old.inFlightCalls() == 0 && route.queued() == 0, "nothing is left behind");
      next.answerAll();
      require(call.completions() == 1 && next.inFlightCalls() == 0, "answered");
    }
  }

  @Test
  void lossOfTheLastWorkerAsksForAnotherWhereACallWaits() {
    explore(LastLost.class, "answer", "lose");
  }

  /** The only worker is lost when a waiting call is about to go to it. */
  public static class LastLost extends Routed {
    private final RaceWorker worker = worker("w");
    private final RaceCall waiting;

    public LastLost() {
      revision.serve(List.of(worker));
      submit("0");
      waiting = submit("1");
      wanted();
    }

    public void answer() {
      worker.answer("0");
    }

    public void lose() {
      worker.lose();
      revision.serve(List.of());
    }

    @Override
    protected void check() {
      boolean went = worker.sent().contains("1");
      require(waiting.completions() == (went ? 1 : 0), "lost with its worker, or waiting");
      require(route.queued() == (went ? 0 : 1), "it waits in the queue");
      require(went || wanted(), "somebody is asked for a worker");
    }
  }

  @Test
  void closeLeavesNoCallBehind() {
    explore(Closed.class, "answer", "close", "submit");
  }

  /** The application stops when a waiting call is about to go. */
  public static class Closed extends Routed {
    private final RaceWorker worker = worker("w");
    private final RaceCall waiting;
    private final RaceCall late = new RaceCall("2");

    public Closed() {
      revision.serve(List.of(worker));
      submit("0");
      waiting = submit("1");
    }

    public void answer() {
      worker.answer("0");
    }

    public void close() {
      route.close(ErrorCode.APP_STOPPED, "stopped");
    }

    public void submit() {
      route.submit(late.call());
    }

    @Override
    protected void check() {
      require(route.queued() == 0, "nobody waits for ever");
      worker.answerAll();
      require(waiting.completions() == 1 && late.completions() == 1, "told, or answered");
      require(worker.inFlightCalls() == 0, "no slot is lost");
    }
  }

  @Test
  void deadlineOfAWaitingCallLeavesNothing() {
    explore(Overrun.class, "answer", "overrun");
  }

  /** A deadline comes when its call is about to go. */
  public static class Overrun extends Routed {
    private final RaceWorker worker = worker("w");
    private final RaceCall waiting;

    public Overrun() {
      revision.serve(List.of(worker));
      submit("0");
      waiting = submit("1");
    }

    public void answer() {
      worker.answer("0");
    }

    public void overrun() {
      waiting.overrun();
      route.forget(waiting.call());
    }

    @Override
    protected void check() {
      require(route.queued() == 0, "it waits no longer");
      require(waiting.completions() == 1, "completed once");
      worker.answerAll();
      require(worker.inFlightCalls() == 0, "no slot is lost");
    }
  }

  @Test
  void workerThatHasRoomAgainGetsWhatWaits() {
    explore(Room.class, "submit", "accept");
  }

  /** A full outbox has room again while a call is refused. */
  public static class Room extends Routed {
    private final RaceWorker worker = worker("w");
    private final RaceCall call = new RaceCall("1");

    public Room() {
      revision.serve(List.of(worker));
      worker.refuse();
    }

    public void submit() {
      route.submit(call.call());
    }

    public void accept() {
      worker.accept();
    }

    @Override
    protected void check() {
      require(worker.sent().size() == 1 && route.queued() == 0, "it went");
      worker.answerAll();
      require(call.completions() == 1 && worker.freeSlots() == 1, "answered");
    }
  }

  @Test
  void suspicionThatPassesLeavesNoCallWaiting() {
    explore(Suspected.class, "submit", "suspect");
  }

  /** A worker takes no calls for a while. */
  public static class Suspected extends Routed {
    private final RaceWorker worker = worker("w");
    private final RaceCall call = new RaceCall("1");

    public Suspected() {
      revision.serve(List.of(worker));
    }

    public void submit() {
      route.submit(call.call());
    }

    public void suspect() {
      worker.suspect();
      worker.resume();
    }

    @Override
    protected void check() {
      require(worker.sent().size() == 1 && route.queued() == 0, "it went");
      worker.answerAll();
      require(call.completions() == 1 && worker.freeSlots() == 1, "answered");
    }
  }

  @Test
  void callsThatComeBeforeTheApplicationOpensGoWhenItDoes() {
    explore(Opened.class, "submit", "open");
  }

  /** The first revision is opened while a call comes. */
  public static class Opened extends Race {
    private final AppRoute route =
        new AppRoute(
            RaceWorker.APP,
            revision -> {},
            Routed::firstFree,
            AppRoute.Queues.bounded(10, 1000),
            DOOR,
            Duration.ofSeconds(1));
    private final RevisionRoute revision = route.revision();
    private final RaceWorker worker = new RaceWorker("w", 1, route::onSlotFree);
    private final RaceCall call = new RaceCall("1");

    public Opened() {
      revision.serve(List.of(worker));
    }

    public void submit() {
      route.submit(call.call());
    }

    public void open() {
      route.open(revision, Map.of("f", CALLABLE), Optional.empty());
    }

    @Override
    protected void check() {
      require(worker.sent().size() == 1 && route.queued() == 0, "it went");
    }
  }
}
