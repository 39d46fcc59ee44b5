/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import io.manyhands.transport.grpc.protocol.link.Credential;
import io.manyhands.transport.grpc.protocol.link.Hello;
import io.manyhands.transport.grpc.protocol.link.Resume;
import io.manyhands.transport.grpc.protocol.link.Welcome;

/** Who the worker is to the Runtime, over all its streams (P-LINK-2). On the connection's loop. */
final class LinkIdentity {
  private final Credentials credentials;
  private String workerId;
  private String token = "";
  private String tenant = "";
  private String application = "";
  private String revision = "";

  /**
   * @param workerId empty for one of a pool, which is given one
   */
  LinkIdentity(String workerId, Credentials credentials) {
    this.workerId = workerId;
    this.credentials = credentials;
  }

  boolean known() {
    return !token.isEmpty();
  }

  /** The Runtime has said which application it is a worker of. */
  boolean assigned() {
    return !application.isEmpty();
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

  /** New where it was never welcomed; else back, as what the handler says that it is. */
  Hello hello(MessageHandler handler, Outbox outbox) {
    Hello.Builder hello = Hello.newBuilder().setWorkerId(workerId).setResumable(true);
    if (!known()) {
      return hello
          .setCredential(credentials.token())
          .setLanguage(MessageHandler.LANGUAGE)
          .setVersion(System.getProperty("java.version"))
          .build();
    }
    Resume.Builder resume =
        Resume.newBuilder()
            .setToken(token)
            .setTenant(tenant)
            .setApplication(application)
            .setRevision(revision)
            .putAllCapabilities(MessageHandler.CAPABILITIES)
            .setWorkerMetadata(MessageHandler.metadata())
            .addAllFunctions(handler.functions())
            // In this order: a call that ends in between is told of twice rather than not at all.
            .addAllRunning(handler.running())
            .addAllAnswered(outbox.answered());
    return hello.setResume(resume).build();
  }
}
