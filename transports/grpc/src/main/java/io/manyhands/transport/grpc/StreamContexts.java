/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.transport.grpc;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import org.jspecify.annotations.Nullable;

/**
 * Puts a context of ours beneath each call's own. Its cancellation by a timeout is what makes gRPC
 * reset one stream whose end was sent already; the call's own context is out of reach, and closing
 * a call twice is an error.
 */
final class StreamContexts extends ServerStreamTracer.Factory {
  private static final Context.Key<Context.CancellableContext> OWN =
      Context.key("manyhands-stream");

  /** Of the call that is being started on this thread. */
  static Context.@Nullable CancellableContext current() {
    return OWN.get();
  }

  @Override
  public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
    return new ServerStreamTracer() {
      @Override
      public Context filterContext(Context context) {
        Context.CancellableContext own = context.withCancellation();
        return own.withValue(OWN, own);
      }
    };
  }
}
