/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.samples.quickstart;

import io.manyhands.api.Endpoint;
import io.manyhands.spi.ManyhandsPlugin;
import io.manyhands.spi.PluginConfig;
import io.manyhands.spi.PluginContext;
import io.manyhands.spi.SpiLevel;
import io.manyhands.spi.trigger.InvocationSink;
import io.manyhands.spi.trigger.Trigger;
import io.manyhands.spi.trigger.TriggerApplication;
import io.manyhands.spi.trigger.TriggerFactory;
import io.manyhands.spi.trigger.TriggerListener;
import io.manyhands.trigger.http.HttpTriggerPlugin;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** The HTTP trigger, which says on which threads it hands calls over and is told how they ended. */
public final class RecordingHttpPlugin implements ManyhandsPlugin {
  private final List<Thread> submitted = new CopyOnWriteArrayList<>();
  private final List<Thread> completed = new CopyOnWriteArrayList<>();

  /** Where a request became an invocation. */
  List<Thread> submitted() {
    return submitted;
  }

  /** Where its answer was handed to the server, before whatever comes next on that thread. */
  List<Thread> completed() {
    return completed;
  }

  void forget() {
    submitted.clear();
    completed.clear();
  }

  @Override
  public int spiLevel() {
    return SpiLevel.CURRENT;
  }

  @Override
  public List<TriggerFactory> triggers() {
    TriggerFactory http = new HttpTriggerPlugin().triggers().get(0);
    return List.of(
        new TriggerFactory() {
          @Override
          public String name() {
            return http.name();
          }

          @Override
          public Trigger create(PluginConfig config, PluginContext context) {
            return new Recorded(http.create(config, context));
          }
        });
  }

  private InvocationSink recording(InvocationSink sink) {
    return (invocation, delivery, completion) -> {
      submitted.add(Thread.currentThread());
      return sink.submit(
          invocation,
          delivery,
          result -> {
            completed.add(Thread.currentThread());
            completion.onCompleted(result);
          });
    };
  }

  private final class Recorded implements Trigger {
    private final Trigger trigger;

    Recorded(Trigger trigger) {
      this.trigger = trigger;
    }

    @Override
    public Set<String> triggerTypes() {
      return trigger.triggerTypes();
    }

    @Override
    public Set<String> bindingTypes() {
      return trigger.bindingTypes();
    }

    @Override
    public CompletionStage<List<Endpoint>> start() {
      return trigger.start();
    }

    @Override
    public TriggerListener listen(TriggerApplication application, InvocationSink sink) {
      return trigger.listen(application, recording(sink));
    }

    @Override
    public CompletionStage<Void> stop(Duration grace) {
      return trigger.stop(grace);
    }
  }
}
