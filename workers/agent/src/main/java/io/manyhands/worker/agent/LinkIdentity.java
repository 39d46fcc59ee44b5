/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.agent;

import io.manyhands.transport.grpc.protocol.link.Credential;
import io.manyhands.transport.grpc.protocol.link.Hello;
import io.manyhands.transport.grpc.protocol.link.Resume;
import io.manyhands.transport.grpc.protocol.link.Welcome;
import java.util.Map;

/** Who a worker is to the Runtime, over all its streams (P-LINK-2). Confined to the loop. */
final class LinkIdentity {
  private final Passport passport;
  private final WorkerKind kind;
  private final Map<String, String> labels;
  private String workerId;
  private String token = "";
  private String tenant = "";
  private String application = "";
  private String revision = "";

  /** What the worker is, for a Runtime that is to give it an id. */
  record WorkerKind(String language, String version) {}

  LinkIdentity(Passport passport, WorkerKind kind, Map<String, String> labels) {
    this.passport = passport;
    this.workerId = passport.workerId();
    this.kind = kind;
    this.labels = Map.copyOf(labels);
  }

  boolean known() {
    return !token.isEmpty();
  }

  void welcomed(Welcome welcome) {
    workerId = welcome.getWorkerId();
    token = welcome.getResumeToken();
    assigned(welcome.getTenant(), welcome.getApplication(), welcome.getRevision());
  }

  void became(Credential credential) {
    token = credential.getResumeToken();
    assigned(credential.getTenant(), credential.getApplication(), credential.getRevision());
  }

  private void assigned(String toTenant, String toApplication, String toRevision) {
    if (!toApplication.isEmpty()) {
      tenant = toTenant;
      application = toApplication;
      revision = toRevision;
    }
  }

  /** New where it was never welcomed; else back, as what the memory says that it is. */
  Hello hello(WorkerMemory memory, KeptAnswers kept) {
    Hello.Builder hello =
        Hello.newBuilder()
            .setWorkerId(workerId)
            .setResumable(true)
            .putAllLabels(labels)
            .setLanguage(kind.language())
            .setVersion(kind.version());
    if (!known()) {
      return hello.setCredential(passport.credential()).build();
    }
    Resume.Builder resume =
        Resume.newBuilder()
            .setToken(token)
            .setTenant(tenant)
            .setApplication(application)
            .setRevision(revision)
            .addAllAnswered(kept.ids());
    memory.describe(resume);
    return hello.setResume(resume).build();
  }
}
