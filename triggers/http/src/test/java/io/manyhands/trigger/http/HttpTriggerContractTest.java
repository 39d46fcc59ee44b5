/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.http;

import io.manyhands.api.Endpoint;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.app.FunctionDefinition;
import io.manyhands.core.concurrent.SystemSeams;
import io.manyhands.spi.PluginConfig;
import io.manyhands.spi.trigger.InvocationSink;
import io.manyhands.spi.trigger.Trigger;
import io.manyhands.spi.trigger.TriggerApplication;
import io.manyhands.spi.trigger.TriggerListener;
import io.manyhands.testkit.FakePluginContext;
import io.manyhands.testkit.contract.TriggerBehaviour;
import io.manyhands.testkit.contract.TriggerContract;
import io.manyhands.testkit.contract.TriggerHarness;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The server on a real port; requests are its events. */
final class HttpTriggerContractTest extends TriggerContract {
  @Override
  protected TriggerHarness createHarness() {
    return new Requests();
  }

  private static final class Requests implements TriggerHarness {
    private final SystemSeams seams = SystemSeams.create("http-contract");
    private final ExecutorService blocking = Executors.newCachedThreadPool();
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<CompletableFuture<?>> requests = new ArrayList<>();
    private volatile int port;

    @Override
    public Set<TriggerBehaviour> behaviours() {
      return Set.of(TriggerBehaviour.OPENS_AN_ADDRESS, TriggerBehaviour.REFUSES_CONFLICTS);
    }

    @Override
    public Trigger create() {
      return create("0");
    }

    @Override
    public Trigger createAt(List<Endpoint> endpoints) {
      return create(Integer.toString(endpoints.get(0).uri().getPort()));
    }

    private Trigger create(String wanted) {
      Trigger trigger =
          new HttpTriggerFactory()
              .create(
                  new PluginConfig("trigger http", Map.of("port", wanted)),
                  FakePluginContext.of(seams.seams(), blocking));
      return new Located(trigger);
    }

    @Override
    public FunctionDefinition function(String name) {
      return HttpFixture.function(name);
    }

    @Override
    public FunctionDefinition unsound(String name) {
      return HttpFixture.function(name, "{unclosed");
    }

    @Override
    public List<FunctionDefinition> conflicting() {
      return List.of(
          HttpFixture.function("one", "same/{id}"), HttpFixture.function("two", "same/{name}"));
    }

    @Override
    public void fire(ApplicationId application, String function) {
      URI uri =
          URI.create("http://127.0.0.1:" + port + "/apps/" + application + "/api/" + function);
      requests.add(
          client.sendAsync(
              HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding()));
    }

    @Override
    public boolean settled() {
      return requests.stream().allMatch(CompletableFuture::isDone);
    }

    @Override
    public void close() {
      blocking.shutdownNow();
      seams.close();
    }

    /** Remembers where it listens. */
    private final class Located implements Trigger {
      private final Trigger trigger;

      Located(Trigger trigger) {
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
        return trigger
            .start()
            .thenApply(
                endpoints -> {
                  port = endpoints.get(0).uri().getPort();
                  return endpoints;
                });
      }

      @Override
      public TriggerListener listen(TriggerApplication application, InvocationSink sink) {
        return trigger.listen(application, sink);
      }

      @Override
      public CompletionStage<Void> stop(Duration grace) {
        return trigger.stop(grace);
      }
    }
  }
}
