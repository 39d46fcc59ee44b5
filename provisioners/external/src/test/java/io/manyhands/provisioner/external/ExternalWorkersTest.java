/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.provisioner.external;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.spi.ManyhandsPlugin;
import io.manyhands.spi.provision.ProvisionerListener;
import io.manyhands.spi.provision.WorkerProvisioner;
import io.manyhands.testkit.contract.RecordingProvisionerListener;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class ExternalWorkersTest {
  private static final WorkerStack NODE = WorkerStack.of("node");

  private final ExternalProvisionerPlugin plugin = new ExternalProvisionerPlugin();
  private final RecordingProvisionerListener listener =
      new RecordingProvisionerListener(ExternalHarness.ENDPOINT);

  @Test
  void everyExpectedWorkerHasItsOwnIdInBothSetsOfArguments() {
    start(Map.of("stacks", "node"));

    List<ExpectedWorker> workers = plugin.workers().expect(NODE, 3);

    Set<String> ids = new HashSet<>();
    for (ExpectedWorker worker : workers) {
      String id = worker.id().value();
      ids.add(id);
      assertThat(worker.arguments())
          .startsWith("--host", "127.0.0.1", "--port", "7071", "--workerId", id, "--requestId")
          .contains("--grpcMaxMessageLength", "2147483647")
          .containsSequence("--functions-uri", "http://127.0.0.1:7071/")
          .containsSequence("--functions-worker-id", id)
          .hasSize(18);
      assertThat(worker.toString()).doesNotContain(id);
    }
    assertThat(ids).hasSize(3);
  }

  @Test
  void anAdvertisedAddressReplacesTheEndpoint() {
    start(Map.of("stacks", "node", "advertise", "runtime.example:9000"));

    assertThat(plugin.workers().expect(NODE, 1).get(0).arguments())
        .startsWith("--host", "runtime.example", "--port", "9000")
        .contains("http://runtime.example:9000/");
  }

  @Test
  void whoeverStartedAWorkerLearnsThatItIsNoLongerNeeded() {
    WorkerProvisioner provisioner = start(Map.of("stacks", "node"));
    List<ExpectedWorker> workers = plugin.workers().expect(NODE, 2);
    assertThat(workers.get(0).released()).isNotDone();

    provisioner.release(workers.get(0).id(), Duration.ZERO);
    assertThat(workers.get(0).released()).isCompletedWithValueMatching(r -> r.contains("released"));
    assertThat(workers.get(1).released()).isNotDone();

    provisioner.stop(Duration.ZERO);
    assertThat(workers.get(1).released()).isCompletedWithValueMatching(r -> r.contains("stops"));
  }

  @Test
  void anUnknownStackIsRefusedNamingTheKnown() {
    start(Map.of("stacks", "node, python 3.11"));

    for (WorkerStack stack : List.of(WorkerStack.of("cobol"), WorkerStack.of("python", "2.7"))) {
      assertThatThrownBy(() -> plugin.workers().expect(stack, 1))
          .asInstanceOf(InstanceOfAssertFactories.type(ManyhandsException.class))
          .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
          .satisfies(
              e ->
                  assertThat(e)
                      .hasMessageContaining(stack.toString())
                      .hasMessageContaining("known: node, python 3.11"));
    }
    assertThat(listener.events()).isEmpty();
  }

  @Test
  void thereIsAnUpperBoundAndEndedWorkersCountNoMore() {
    WorkerProvisioner provisioner = start(Map.of("stacks", "node", "maxExpected", "2"));
    List<ExpectedWorker> workers = plugin.workers().expect(NODE, 2);

    assertThatThrownBy(() -> plugin.workers().expect(NODE, 1))
        .hasMessageContaining("at most 2, option maxExpected");
    assertThatThrownBy(() -> plugin.workers().expect(NODE, Integer.MAX_VALUE))
        .hasMessageContaining("at most 2");
    assertThatThrownBy(() -> plugin.workers().expect(NODE, 0))
        .hasMessageContaining("expected: 1 or more");

    provisioner.release(workers.get(0).id(), Duration.ZERO);
    assertThat(plugin.workers().expect(NODE, 1)).hasSize(1);
  }

  @Test
  void expectingNeedsARunningRuntime() {
    assertThatThrownBy(() -> plugin.workers().expect(NODE, 1)).hasMessageContaining("no Runtime");

    WorkerProvisioner provisioner = ExternalHarness.create(plugin, Map.of("stacks", "node"));
    assertThatThrownBy(() -> plugin.workers().expect(NODE, 1)).hasMessageContaining("does not run");

    provisioner.start(listener);
    assertThat(plugin.workers().expect(NODE, 1)).hasSize(1);

    provisioner.stop(Duration.ZERO);
    assertThatThrownBy(() -> plugin.workers().expect(NODE, 1)).hasMessageContaining("does not run");
  }

  @Test
  void aTransportWithoutAnAddressIsRefused() {
    WorkerProvisioner provisioner = ExternalHarness.create(plugin, Map.of("stacks", "node"));
    ProvisionerListener deaf = (worker, termination) -> {};
    provisioner.start(deaf);

    assertThatThrownBy(() -> plugin.workers().expect(NODE, 1))
        .hasMessageContaining("option advertise");
  }

  @Test
  void badOptionsAreRefusedNamingThem() {
    assertRefused(Map.of(), "option stacks is missing");
    assertRefused(Map.of("stacks", "node,,"), "option stacks");
    assertRefused(Map.of("stacks", "Node"), "option stacks: \"Node\"");
    assertRefused(
        Map.of("stacks", "node", "advertise", "nowhere"), "option advertise: \"nowhere\"");
    assertRefused(Map.of("stacks", "node", "stax", "x"), "unknown option \"stax\"");
  }

  @Test
  void onePluginServesOneRuntime() {
    ExternalHarness.create(plugin, Map.of("stacks", "node"));

    assertThatThrownBy(() -> ExternalHarness.create(plugin, Map.of("stacks", "node")))
        .hasMessageContaining("one instance a Runtime");
  }

  @Test
  void thePluginIsFound() {
    assertThat(ServiceLoader.load(ManyhandsPlugin.class))
        .hasAtLeastOneElementOfType(ExternalProvisionerPlugin.class);
  }

  private void assertRefused(Map<String, String> options, String expected) {
    assertThatThrownBy(() -> ExternalHarness.create(new ExternalProvisionerPlugin(), options))
        .isInstanceOf(ManyhandsException.class)
        .hasMessageContaining(expected);
  }

  private WorkerProvisioner start(Map<String, String> options) {
    WorkerProvisioner provisioner = ExternalHarness.create(plugin, options);
    provisioner.start(listener);
    return provisioner;
  }
}
