/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.benchmarks.harness;

import java.util.ArrayList;
import java.util.List;

/**
 * What one comparison showed.
 *
 * @param baseline what the figures stand beside; may be empty
 * @param notes what a reader must know: what each side does, what could not run here
 */
public record Table(String title, String baseline, List<Row> rows, List<String> notes) {
  public Table {
    rows = List.copyOf(rows);
    notes = List.copyOf(notes);
  }

  /** A table of nothing but a reason. */
  public static Table note(String title, String why) {
    return new Table(title, "", List.of(), List.of(why));
  }

  /** The rows with names that tell them from other tables'. */
  public List<Row> namedRows() {
    return rows.stream().map(row -> row.within(title)).toList();
  }

  @Override
  public String toString() {
    List<String[]> lines = new ArrayList<>();
    lines.add(
        new String[] {
          title, "figure", "", baseline, baseline.isEmpty() ? "" : "ratio", "spread", "target", ""
        });
    rows.forEach(row -> lines.add(row.cells()));
    int[] widths = new int[lines.get(0).length];
    for (String[] line : lines) {
      for (int index = 0; index < line.length; index++) {
        widths[index] = Math.max(widths[index], line[index].length());
      }
    }
    StringBuilder text = new StringBuilder();
    if (rows.isEmpty()) {
      text.append(title).append('\n');
    } else {
      for (String[] line : lines) {
        StringBuilder shown = new StringBuilder();
        for (int index = 0; index < line.length; index++) {
          boolean left = index == 0 || index == 2 || index == 7;
          shown.append(pad(line[index], widths[index], left)).append("  ");
        }
        text.append(shown.toString().stripTrailing()).append('\n');
      }
    }
    notes.forEach(note -> text.append("  ").append(note).append('\n'));
    return text.toString();
  }

  private static String pad(String cell, int width, boolean left) {
    String blanks = " ".repeat(width - cell.length());
    return left ? cell + blanks : blanks + cell;
  }
}
