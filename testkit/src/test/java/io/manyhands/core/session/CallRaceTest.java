/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.session;

import static io.manyhands.core.races.Interleavings.explore;
import static io.manyhands.core.races.Interleavings.require;

import io.manyhands.api.ErrorCode;
import io.manyhands.core.races.Interleavings.Race;
import org.junit.jupiter.api.Test;

/** The gate, the table behind it, and a call's way through both, in many orders of threads. */
class CallRaceTest {
  @Test
  void gateGivesNoMoreThanItsSlotsAndNothingWhileClosed() {
    explore(Gate.class, "first", "second", "close");
  }

  /** Two reservations of one slot, and a close. */
  public static class Gate extends Race {
    private final CallGate gate = new CallGate();
    private boolean firstGot;
    private boolean secondGot;

    public Gate() {
      gate.open();
    }

    public void first() {
      firstGot = gate.tryReserve(1);
    }

    public void second() {
      secondGot = gate.tryReserve(1);
    }

    public void close() {
      gate.close();
    }

    @Override
    protected void check() {
      int taken = (firstGot ? 1 : 0) + (secondGot ? 1 : 0);
      require(taken <= 1 && gate.taken() == taken, "one slot is given once");
      require(!gate.tryReserve(2), "a closed gate gives no slot");
      gate.open();
      require(gate.tryReserve(taken + 1), "no slot is lost");
    }
  }

  @Test
  void slotIsFreedOnceByAnswersThatComeTwice() {
    explore(TwoAnswers.class, "answer", "again");
  }

  /** The same answer, twice. */
  public static class TwoAnswers extends Race {
    private final RaceWorker worker = new RaceWorker("w", 2);
    private final RaceCall call = new RaceCall("1");
    private final Dispatch sent = worker.dispatch(call.call());
    private final Dispatch neighbour = worker.dispatch(new RaceCall("2").call());

    public void answer() {
      worker.answer("1");
    }

    public void again() {
      worker.answer("1");
    }

    @Override
    protected void check() {
      require(sent == Dispatch.SENT && neighbour == Dispatch.SENT, "both were sent");
      require(call.completions() == 1, "completed once");
      require(worker.inFlightCalls() == 1, "one slot is freed");
    }
  }

  @Test
  void lostWorkersCallCompletesOnceOrGoesElsewhere() {
    explore(LostWorker.class, "dispatch", "lose");
  }

  /** A call is sent while its worker is lost, and to another where it was not sent. */
  public static class LostWorker extends Race {
    private final RaceWorker lost = new RaceWorker("a", 1);
    private final RaceWorker other = new RaceWorker("b", 1);
    private final RaceCall call = new RaceCall("1");

    public void dispatch() {
      if (lost.dispatch(call.call()) == Dispatch.NO_SLOT) {
        require(other.dispatch(call.call()) == Dispatch.SENT, "the other takes it");
      }
    }

    public void lose() {
      lost.lose();
    }

    @Override
    protected void check() {
      require(lost.inFlightCalls() == 0, "a lost worker holds no slot");
      require(lost.sent().size() + other.sent().size() <= 1, "sent once");
      boolean elsewhere = !other.sent().isEmpty();
      other.answerAll();
      require(other.inFlightCalls() == 0, "the other's slot is free again");
      require(call.completions() == 1, "completed once");
      require(
          call.error() == (elsewhere ? null : ErrorCode.WORKER_LOST),
          "completed as what became of it");
    }
  }

  @Test
  void answerLossAndDeadlineCompleteACallOnce() {
    explore(Endings.class, "answer", "lose", "overrun");
  }

  /** All that can end a call. */
  public static class Endings extends Race {
    private final RaceWorker worker = new RaceWorker("w", 1);
    private final RaceCall call = new RaceCall("1");

    public Endings() {
      require(worker.dispatch(call.call()) == Dispatch.SENT, "sent");
    }

    public void answer() {
      worker.answerAll();
    }

    public void lose() {
      worker.lose();
    }

    public void overrun() {
      call.overrun();
    }

    @Override
    protected void check() {
      require(call.completions() == 1, "completed once");
      require(worker.inFlightCalls() == 0, "its slot is free");
    }
  }

  @Test
  void callThatIsDoneBeforeItIsSentHoldsNoSlotOrItsWorkerIsTold() {
    explore(EarlyDeadline.class, "dispatch", "overrun");
  }

  /** A deadline that comes while the call is on its way. */
  public static class EarlyDeadline extends Race {
    private final RaceWorker worker = new RaceWorker("w", 1);
    private final RaceCall call = new RaceCall("1");

    public void dispatch() {
      worker.dispatch(call.call());
    }

    public void overrun() {
      call.overrun();
    }

    @Override
    protected void check() {
      require(call.completions() == 1, "completed once");
      if (worker.sent().isEmpty()) {
        require(worker.inFlightCalls() == 0, "a call that was never sent holds no slot");
        require(!worker.abandoned(), "no worker is blamed for a call that it never got");
      } else {
        require(worker.abandoned(), "a worker that runs for nobody is looked after");
      }
    }
  }

  @Test
  void answersOfOneWhoWasNotAskedChangeNothing() {
    explore(Guess.class, "dispatch", "answer");
  }

  /** A worker answers a call before it can have got it. */
  public static class Guess extends Race {
    private final RaceWorker worker = new RaceWorker("w", 1);
    private final RaceCall call = new RaceCall("1");
    private boolean known;

    public void dispatch() {
      worker.dispatch(call.call());
    }

    public void answer() {
      known = worker.answer("1");
    }

    @Override
    protected void check() {
      require(worker.sent().size() == 1, "sent once");
      require(call.completions() == (known ? 1 : 0), "completed by its answer");
      require(worker.inFlightCalls() == (known ? 0 : 1), "its slot is freed by its answer");
    }
  }

  @Test
  void suspicionLosesNoSlot() {
    explore(Suspicion.class, "first", "second", "suspect");
  }

  /** Two calls for one slot while the gate is closed and opened again. */
  public static class Suspicion extends Race {
    private final RaceWorker worker = new RaceWorker("w", 1);

    public void first() {
      worker.dispatch(new RaceCall("1").call());
    }

    public void second() {
      worker.dispatch(new RaceCall("2").call());
    }

    public void suspect() {
      worker.suspect();
      worker.resume();
    }

    @Override
    protected void check() {
      require(worker.sent().size() <= 1, "no more than its slots");
      require(worker.inFlightCalls() == worker.sent().size(), "a slot for each that was sent");
      worker.answerAll();
      require(worker.freeSlots() == 1, "all slots are free in the end");
    }
  }

  @Test
  void drainEndsNoWorkerUnderACallAndForgetsNone() {
    explore(Drain.class, "dispatch", "drain");
  }

  /** A worker ends when nothing runs on it. */
  public static class Drain extends Race {
    private final RaceWorker worker = new RaceWorker("w", 1);
    private boolean ended;

    public void dispatch() {
      worker.dispatch(new RaceCall("1").call());
    }

    public void drain() {
      worker.suspect();
      if (!worker.hasPending()) {
        ended = true;
        worker.lose();
      }
    }

    @Override
    protected void check() {
      require(!ended || worker.sent().isEmpty(), "it does not end under a call");
      require(
          ended || worker.withdrawn() || !worker.sent().isEmpty(),
          "it waits for a call, or is told that there is none");
    }
  }
}
