/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.session;

import io.manyhands.api.app.Binding;
import io.manyhands.api.app.FunctionDefinition;
import io.manyhands.api.invocation.Payload;
import io.manyhands.spi.transport.StatusInfo;
import io.manyhands.spi.transport.WorkerMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** What a worker may say that means harm or has lost its mind; from a seed. */
final class HostileMessages {
  private static final int KINDS = 17;
  private static final List<WorkerMessage.PackageStage> STAGES =
      List.of(WorkerMessage.PackageStage.values());

  private final Random random;
  private final List<String> ids = new ArrayList<>();

  HostileMessages(Random random) {
    this.random = random;
    ids.addAll(
        List.of("", "x", "\u0000", "../../etc/passwd", "\u202e", "a\nb", "i".repeat(70_000)));
  }

  /** An id of somebody, which is used as if it were its own. */
  void knows(String id) {
    ids.add(id);
  }

  WorkerMessage next() {
    return of(random.nextInt(KINDS));
  }

  private WorkerMessage of(int kind) {
    return switch (kind) {
      case 0 -> new WorkerMessage.StartStream(id());
      case 1 -> new WorkerMessage.InitResponse(status(), id(), capabilities(), metadata());
      case 2 -> new WorkerMessage.WarmupResponse(status());
      case 3 ->
          new WorkerMessage.EnvironmentReloadResponse(
              status(), capabilities(), random.nextBoolean(), metadata());
      case 4 ->
          new WorkerMessage.FunctionsMetadataResponse(status(), functions(), random.nextBoolean());
      case 5 -> new WorkerMessage.FunctionLoadResponse(id(), status());
      case 6, 7 ->
          new WorkerMessage.InvocationResponse(id(), status(), Map.of(id(), payload()), payload());
      case 8 -> new WorkerMessage.WorkerStatusResponse();
      case 9 ->
          new WorkerMessage.Log(
              new WorkerMessage.LogEntry(
                  id(),
                  id(),
                  random.nextInt(12) - 3,
                  id(),
                  random.nextBoolean(),
                  Optional.empty()));
      case 10 -> new WorkerMessage.ActionRequest(id(), id());
      case 11 -> new WorkerMessage.Heartbeat();
      case 12 -> new WorkerMessage.Unknown(id());
      case 13 -> hello();
      case 14 -> new WorkerMessage.LinkConfirmation(number());
      case 15 ->
          new WorkerMessage.LinkHeartbeat(
              new WorkerMessage.LinkResources(
                  Double.NaN, number(), number(), (int) number(), (int) number(), number()));
      default ->
          random.nextBoolean()
              ? new WorkerMessage.LinkWorkerExit(
                  (int) number(), id(), random.nextBoolean(), id(), List.of(id()))
              : new WorkerMessage.LinkPackageState(
                  id(),
                  STAGES.get(random.nextInt(STAGES.size())),
                  "{".repeat(random.nextInt(2000)),
                  id());
    };
  }

  WorkerMessage.LinkHello hello() {
    return new WorkerMessage.LinkHello(
        id(),
        id(),
        random.nextBoolean(),
        Map.of(id(), id()),
        new WorkerMessage.LinkStack(id(), id()),
        random.nextBoolean()
            ? Optional.empty()
            : Optional.of(
                new WorkerMessage.LinkResume(
                    id(),
                    id(),
                    id(),
                    id(),
                    capabilities(),
                    metadata(),
                    functions(),
                    List.of(id()),
                    List.of(id(), id()))));
  }

  private String id() {
    return ids.get(random.nextInt(ids.size()));
  }

  private long number() {
    long[] numbers = {0, 1, 2, -1, Long.MAX_VALUE, Long.MIN_VALUE, Integer.MAX_VALUE};
    return numbers[random.nextInt(numbers.length)];
  }

  private StatusInfo status() {
    return random.nextInt(3) == 0 ? StatusInfo.failure(id()) : StatusInfo.success();
  }

  private Payload payload() {
    return random.nextBoolean() ? Payload.empty() : Payload.text("stolen");
  }

  private Map<String, String> capabilities() {
    return random.nextBoolean()
        ? Map.of()
        : Map.of(
            "HandlesInvocationCancelMessage",
            "true",
            "HandlesWorkerTerminateMessage",
            id(),
            "RawHttpBodyBytes",
            "",
            id() + "c",
            id());
  }

  private Optional<WorkerMessage.WorkerMetadata> metadata() {
    return random.nextBoolean()
        ? Optional.empty()
        : Optional.of(new WorkerMessage.WorkerMetadata("fake", id(), id(), id(), Map.of()));
  }

  private List<WorkerMessage.IndexedFunction> functions() {
    List<WorkerMessage.IndexedFunction> functions = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      functions.add(
          new WorkerMessage.IndexedFunction(
              id(),
              new FunctionDefinition(
                  "f" + random.nextInt(3), id(), id(), id(), "fake", List.<Binding>of(), Map.of()),
              status(),
              List.of("{", "{\"name\":\"a\"}", "[".repeat(5000)).subList(0, random.nextInt(4))));
    }
    return functions;
  }
}
