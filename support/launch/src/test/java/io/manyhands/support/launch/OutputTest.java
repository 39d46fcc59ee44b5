/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutputTest {
  private final List<String> lines = new ArrayList<>();

  @Test
  void linesAreWholeHoweverTheBytesArrive() {
    byte[] bytes = "één\r\ntwo\n\nlast".getBytes(StandardCharsets.UTF_8);
    LineSplitter splitter = new LineSplitter(100, lines::add);

    for (byte each : bytes) {
      splitter.accept(new byte[] {each}, 1);
    }
    splitter.finish();
    splitter.finish();

    assertThat(lines).containsExactly("één", "two", "", "last");
  }

  @Test
  void aLongLineIsCutAtAWholeCharacterAndSaysSo() {
    LineSplitter splitter = new LineSplitter(4, lines::add);

    accept(splitter, "abcé and more\nabcd\n");

    assertThat(lines).containsExactly("abc… [11 bytes cut]", "abcd");
  }

  @Test
  void whatIsNoTextIsReplaced() {
    LineSplitter splitter = new LineSplitter(100, lines::add);

    splitter.accept(new byte[] {'a', (byte) 0xFF, 'b', 0x1B, '[', '\t', '\n'}, 7);

    assertThat(lines).containsExactly("a\uFFFDb\uFFFD[\t");
  }

  @Test
  void theTailKeepsTheNewestWithinItsBounds() {
    OutputTail tail = new OutputTail(new OutputLimits(3, 100, 10));

    for (String text : List.of("1", "2", "3", "4")) {
      tail.add(new OutputLine(OutputLine.Source.STDOUT, text));
    }
    assertThat(tail.snapshot()).extracting(OutputLine::text).containsExactly("2", "3", "4");

    tail.add(new OutputLine(OutputLine.Source.STDERR, "123456789"));
    assertThat(tail.snapshot()).extracting(OutputLine::text).containsExactly("4", "123456789");
  }

  private static void accept(LineSplitter splitter, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    splitter.accept(bytes, bytes.length);
  }
}
