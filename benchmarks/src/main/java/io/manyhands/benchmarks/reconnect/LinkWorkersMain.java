/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.benchmarks.reconnect;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A process full of light workers, {@code HOST PORT}: each line of its input is the id of one that
 * is to dial in, {@code drop ID} of one whose connection is to be reset, or {@code tally}, which is
 * answered. Ends with its input.
 */
public final class LinkWorkersMain {
  private static final String DROP = "drop ";

  private LinkWorkersMain() {}

  public static void main(String[] words) throws IOException {
    InetSocketAddress runtime = new InetSocketAddress(words[0], Integer.parseInt(words[1]));
    Loop loop = new Loop();
    LinkWorker.Tally tally = new LinkWorker.Tally();
    Map<String, LinkWorker> workers = new HashMap<>();
    Thread thread = new Thread(loop, "light-workers");
    thread.setDaemon(true);
    thread.start();
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      String asked = line;
      loop.execute(
          () -> {
            if (asked.equals("tally")) {
              System.out.println(tally);
            } else if (asked.startsWith(DROP)) {
              Objects.requireNonNull(workers.get(asked.substring(DROP.length())), asked).drop();
            } else {
              workers.computeIfAbsent(asked, id -> new LinkWorker(loop, runtime, id, tally)).dial();
            }
          });
    }
    Runtime.getRuntime().halt(0);
  }
}
