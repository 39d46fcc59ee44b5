/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.benchmarks.apps;

import io.manyhands.benchmarks.harness.ChildJvm;
import io.manyhands.benchmarks.harness.LeanHttpClient;
import io.manyhands.benchmarks.harness.Memory;
import io.manyhands.benchmarks.harness.Pairs;
import io.manyhands.benchmarks.harness.Part;
import io.manyhands.benchmarks.harness.Row;
import io.manyhands.benchmarks.harness.Scale;
import io.manyhands.benchmarks.harness.Table;
import io.manyhands.benchmarks.harness.Target;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** Memory an application: one Runtime for all, against a Runtime and a worker each. */
public final class DensityPart implements Part {
  /** The same for every Runtime of both models. */
  static final List<String> FLAGS =
      List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xss512k", "-Xmx128m");

  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final byte[] BODY = new byte[0];

  @Override
  public String name() {
    return "density";
  }

  @Override
  public boolean isForEveryBuild() {
    return false;
  }

  @Override
  public void run(Scale scale, Consumer<Table> tables) throws Exception {
    var folder = Stack.folder();
    int apps = scale.number(20, 10);
    int calls = scale.number(10_000, 200);
    for (Stack stack : Stack.present(folder)) {
      Pairs idle = new Pairs();
      Pairs called = new Pairs();
      for (int pair = 0; pair < scale.pairs(Scale.PAIRS); pair++) {
        boolean sharedFirst = pair % 2 == 0;
        double[] first = model(folder.directory(), stack, apps, calls, sharedFirst);
        double[] second = model(folder.directory(), stack, apps, calls, !sharedFirst);
        double[] shared = sharedFirst ? first : second;
        double[] today = sharedFirst ? second : first;
        idle.add(shared[0], today[0]);
        called.add(shared[1], today[1]);
      }
      tables.accept(table(stack, apps, calls, idle, called, scale.suffix()));
    }
  }

  private static Table table(
      Stack stack, int apps, int calls, Pairs idle, Pairs called, String suffix) {
    Target target = Target.atMost(stack.language().equals("manyhands-java") ? 0.5 : 0.4);
    Row after =
        called.row(
            String.format(Locale.ROOT, "memory an app, after %,d calls each%s", calls, suffix),
            "MB",
            target);
    return new Table(
        stack.language() + ", " + apps + " apps",
        "today's model",
        List.of(
            idle.row("memory an app, idle" + suffix, "MB", target),
            after,
            nodes(7, after, suffix),
            nodes(14, after, suffix)),
        List.of(
            "PSS of all processes, from smaps_rollup. Both models: one worker an app, Runtime with "
                + String.join(" ", FLAGS)
                + ", HTTP trigger and gRPC.",
            "Today's model: a Runtime and a worker each. Shared: one Runtime, a worker each."));
  }

  private static Row nodes(int gigabytes, Row memory, String suffix) {
    double megabytes = gigabytes * 1024;
    return new Row(
        "apps a node of " + gigabytes + " GB" + suffix,
        Math.floor(megabytes / memory.value()),
        "",
        java.util.OptionalDouble.of(Math.floor(megabytes / memory.baseline().orElseThrow())),
        Target.none(),
        "");
  }

  /** Megabytes an application: idle after its first call, and after its calls. */
  private static double[] model(Path workers, Stack stack, int apps, int calls, boolean shared)
      throws Exception {
    List<ChildJvm> runtimes = new ArrayList<>();
    try {
      List<URI> servers = new ArrayList<>();
      int each = shared ? apps : 1;
      for (int first = 0; first < apps; first += each) {
        ChildJvm runtime =
            ChildJvm.start(
                AppsMain.class,
                FLAGS,
                workers.toString(),
                stack.language(),
                stack.application().toString(),
                Integer.toString(first),
                Integer.toString(each));
        runtimes.add(runtime);
        URI server = URI.create(runtime.line(PATIENCE));
        for (int index = 0; index < each; index++) {
          servers.add(server);
        }
      }
      call(servers, 1);
      double idle = pss(runtimes) / apps;
      call(servers, calls);
      return new double[] {idle, pss(runtimes) / apps};
    } finally {
      runtimes.forEach(ChildJvm::close);
    }
  }

  private static double pss(List<ChildJvm> runtimes) throws IOException {
    double sum = 0;
    for (ChildJvm runtime : runtimes) {
      sum += Memory.pssMegabytes(runtime.pid());
    }
    return sum;
  }

  private static void call(List<URI> servers, int calls) throws IOException {
    for (int app = 0; app < servers.size(); app++) {
      try (LeanHttpClient client = new LeanHttpClient(servers.get(app))) {
        byte[] request = client.request(Stack.path("app" + app), BODY);
        for (int call = 0; call < calls; call++) {
          byte[] unused = client.exchange(request);
        }
      }
    }
  }
}
