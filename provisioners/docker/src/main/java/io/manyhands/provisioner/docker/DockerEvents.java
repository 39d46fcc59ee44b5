/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.provisioner.docker;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.Event;
import com.github.dockerjava.api.model.EventActor;
import io.manyhands.support.platform.Ending;
import io.manyhands.support.platform.Platform;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The engine's events, as a watch. On the library's thread of that stream. */
final class DockerEvents extends ResultCallback.Adapter<Event> {
  private final Platform.Watcher watcher;

  DockerEvents(Platform.Watcher watcher) {
    this.watcher = watcher;
  }

  @Override
  public void onNext(Event event) {
    @Nullable EventActor actor = event.getActor();
    @Nullable Map<String, String> attributes = actor == null ? null : actor.getAttributes();
    String key = attributes == null ? null : attributes.get(DockerLabels.KEY);
    if (key != null) {
      watcher.ended(
          key,
          Ending.of(
              "destroy".equals(event.getAction())
                  ? "its container was removed by somebody"
                  : "its container ended"));
    }
  }

  @Override
  public void onError(Throwable error) {
    super.onError(error);
    watcher.broken(String.valueOf(error.getMessage()));
  }

  @Override
  public void onComplete() {
    super.onComplete();
    watcher.broken("the stream of events ended");
  }

  @Override
  public void close() throws IOException {
    super.close();
  }
}
