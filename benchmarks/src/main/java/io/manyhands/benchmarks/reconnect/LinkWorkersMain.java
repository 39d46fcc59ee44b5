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

/**
 * A process full of light workers, {@code HOST PORT}: each line of its input is the id of one that
 * is to dial in, or {@code tally}, which is answered. Ends with its input.
 */
final class LinkWorkersMain {
  private LinkWorkersMain() {}

  public static void main(String[] words) throws IOException {
    InetSocketAddress runtime = new InetSocketAddress(words[0], Integer.parseInt(words[1]));
    Loop loop = new Loop();
    LinkWorker.Tally tally = new LinkWorker.Tally();
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
            } else {
              new LinkWorker(loop, runtime, asked, tally).dial();
            }
          });
    }
    Runtime.getRuntime().halt(0);
  }
}
