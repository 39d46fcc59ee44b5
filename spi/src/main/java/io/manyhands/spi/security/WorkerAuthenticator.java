/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.spi.security;

import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.spi.transport.WorkerConnection;
import java.util.Objects;
import java.util.Optional;

/**
 * Decides whether who dials in for the first time may be a worker. (Who comes back proves it with
 * the Runtime's own resume token, and is not asked of here.) An id serves for one stream whatever
 * is decided here: the Runtime sees to that. Thread-safe; no method blocks.
 */
public interface WorkerAuthenticator {
  /**
   * What a worker that is about to be started is to present: good for this worker alone, and for a
   * short time. A secret: whoever starts the worker hands it on where other users cannot read it.
   */
  String launchToken(Launch launch);

  /** Judges the first words of a stream. On an I/O thread. */
  Verdict judge(Presentation presentation);

  /**
   * A worker that is started.
   *
   * @param application what it is started for; empty for a placeholder
   */
  record Launch(WorkerId worker, WorkerStack stack, Optional<ApplicationId> application) {
    public Launch {
      Objects.requireNonNull(worker, "worker");
      Objects.requireNonNull(stack, "stack");
      Objects.requireNonNull(application, "application");
    }
  }

  /**
   * How somebody presents himself.
   *
   * @param issued the worker of the id that he names, where that was issued and has not ended
   * @param credential what he shows beside the id; empty for stock workers, which cannot
   * @param stack what he says that he is, where he does
   * @param peer what the transport knows of him
   */
  record Presentation(
      Optional<Launch> issued,
      String credential,
      Optional<WorkerStack> stack,
      WorkerConnection.PeerCredentials peer) {
    public Presentation {
      Objects.requireNonNull(issued, "issued");
      Objects.requireNonNull(credential, "credential");
      Objects.requireNonNull(stack, "stack");
      Objects.requireNonNull(peer, "peer");
    }

    /** Without the credential. */
    @Override
    public String toString() {
      return "Presentation[" + issued + ", " + stack + ", " + peer + "]";
    }
  }

  /** What is decided. */
  sealed interface Verdict permits Accepted, Enrolled, Refused {}

  /** He is the worker of the id that he names; not where {@code issued} is empty. */
  record Accepted() implements Verdict {}

  /**
   * He is one of a pool, and is given an id: that of a placeholder.
   *
   * @param stack what the pool consists of
   * @param ended to be called once, when that worker has ended or could not be let in
   */
  record Enrolled(WorkerStack stack, Runnable ended) implements Verdict {
    public Enrolled {
      Objects.requireNonNull(stack, "stack");
      Objects.requireNonNull(ended, "ended");
    }
  }

  /**
   * He is not let in.
   *
   * @param reason told to him and logged: never the credential or a part of it
   */
  record Refused(String reason) implements Verdict {
    public Refused {
      Objects.requireNonNull(reason, "reason");
    }
  }
}
