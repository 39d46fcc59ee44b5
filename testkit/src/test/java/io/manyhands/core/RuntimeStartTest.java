/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core;

import static io.manyhands.testkit.InMemoryRuntime.FAKE;
import static org.assertj.core.api.Assertions.assertThat;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.FunctionRuntime;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.spi.ManyhandsPlugin;
import io.manyhands.spi.PluginConfig;
import io.manyhands.spi.PluginContext;
import io.manyhands.spi.SpiLevel;
import io.manyhands.spi.provision.ProvisionRequest;
import io.manyhands.spi.provision.ProvisionedWorker;
import io.manyhands.spi.provision.ProvisionerListener;
import io.manyhands.spi.provision.StackInfo;
import io.manyhands.spi.provision.WorkerProvisioner;
import io.manyhands.spi.provision.WorkerProvisionerFactory;
import io.manyhands.testkit.VirtualTime;
import io.manyhands.transport.inprocess.InProcessNetwork;
import io.manyhands.transport.inprocess.InProcessTransportPlugin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** A Runtime that is closed while it starts. */
class RuntimeStartTest {
  private final VirtualTime time = new VirtualTime(1);
  private final List<String> told = new ArrayList<>();
  private final CompletableFuture<Void> provisionerStarts = new CompletableFuture<>();

  private final FunctionRuntime runtime =
      ManyhandsRuntime.builder()
          .discoverPlugins(false)
          .plugin(new InProcessTransportPlugin(new InProcessNetwork(time)))
          .plugin(new Provisioners())
          .transport("inprocess", Map.of())
          .provisioner("slow", Map.of())
          .secrets(purpose -> new byte[32])
          .time(time.seams())
          .executor(time)
          .build();

  @Test
  void closeWaitsForAPluginThatStartsAndNothingBeginsAfterIt() {
    CompletableFuture<Void> started = runtime.start();
    time.advance(Duration.ofSeconds(1));
    CompletableFuture<Void> closed = runtime.shutdown(Duration.ofSeconds(1));
    time.advance(Duration.ofSeconds(5));
    assertThat(closed).isNotDone();
    assertThat(told).containsExactly("start");

    provisionerStarts.complete(null);
    time.advance(Duration.ofSeconds(5));

    assertThat(closed).isCompleted();
    assertThat(code(started)).isEqualTo(ErrorCode.RUNTIME_CLOSED);
    assertThat(told).containsExactly("start", "stop");
    assertThat(time.pendingTimers()).isZero();
  }

  @Test
  void closeWaitsNoLongerForAPluginThanItsStartMay() {
    CompletableFuture<Void> started = runtime.start();
    CompletableFuture<Void> closed = runtime.shutdown(Duration.ofSeconds(1));

    time.advance(Duration.ofSeconds(40));

    assertThat(closed).isCompleted();
    assertThat(started).isCompletedExceptionally();
    assertThat(time.pendingTimers()).isZero();
  }

  @Test
  void runtimeThatWasClosedBeforeItsStartNeverStarts() {
    CompletableFuture<Void> closed = runtime.shutdown(Duration.ofSeconds(1));
    time.advance(Duration.ofSeconds(1));

    assertThat(closed).isCompleted();
    assertThat(code(runtime.start())).isEqualTo(ErrorCode.RUNTIME_CLOSED);
    assertThat(told).doesNotContain("start");
  }

  private static ErrorCode code(CompletableFuture<?> failed) {
    return ((ManyhandsException) failed.handle((value, error) -> error).join()).code();
  }

  private final class Provisioners implements ManyhandsPlugin {
    @Override
    public int spiLevel() {
      return SpiLevel.CURRENT;
    }

    @Override
    public List<WorkerProvisionerFactory> provisioners() {
      return List.of(
          new WorkerProvisionerFactory() {
            @Override
            public String name() {
              return "slow";
            }

            @Override
            public WorkerProvisioner create(PluginConfig config, PluginContext context) {
              config.finish();
              return new SlowProvisioner();
            }
          });
    }
  }

  private final class SlowProvisioner implements WorkerProvisioner {
    @Override
    public List<StackInfo> stacks() {
      return List.of(StackInfo.of(FAKE));
    }

    @Override
    public CompletionStage<Void> start(ProvisionerListener listener) {
      told.add("start");
      return provisionerStarts;
    }

    @Override
    public CompletionStage<ProvisionedWorker> request(ProvisionRequest request) {
      told.add("request");
      return new CompletableFuture<>();
    }

    @Override
    public CompletionStage<Void> release(WorkerId worker, Duration grace) {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Void> stop(Duration grace) {
      told.add("stop");
      return CompletableFuture.completedFuture(null);
    }
  }
}
