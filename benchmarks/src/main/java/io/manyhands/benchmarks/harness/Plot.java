/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.benchmarks.harness;

import java.util.List;
import java.util.Locale;

/**
 * A picture of the figures that have a target: a bar each, as a share of its target, so that those
 * of different units stand side by side. What holds ends before the line; where more is better, the
 * share is turned over.
 */
public final class Plot {
  private static final int WIDTH = 960;
  private static final int LINE = 22;
  private static final int TEXT = 560;
  private static final int UNIT = 180;
  private static final double MOST = 2;

  private Plot() {}

  /** An SVG document. */
  public static String svg(List<Row> rows) {
    List<Row> aimed = rows.stream().filter(row -> row.target().exists()).toList();
    int height = LINE * (aimed.size() + 2);
    StringBuilder svg = new StringBuilder();
    add(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\""
            + " font-family=\"sans-serif\" font-size=\"12\">",
        WIDTH,
        height);
    add(svg, "<rect width=\"%d\" height=\"%d\" fill=\"white\"/>", WIDTH, height);
    add(svg, "<text x=\"%d\" y=\"16\">target</text>", TEXT + UNIT + 4);
    for (int index = 0; index < aimed.size(); index++) {
      bar(svg, aimed.get(index), LINE * (index + 1));
    }
    add(
        svg,
        "<line x1=\"%1$d\" y1=\"4\" x2=\"%1$d\" y2=\"%2$d\" stroke=\"black\"/>",
        TEXT + UNIT,
        height - LINE / 2);
    return svg.append("</svg>\n").toString();
  }

  private static void bar(StringBuilder svg, Row row, int top) {
    double share = share(row);
    add(svg, "<text x=\"4\" y=\"%d\">%s</text>", top + 15, escaped(row.name()));
    add(
        svg,
        "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>",
        TEXT,
        top + 4,
        Math.min(MOST, share) * UNIT,
        LINE - 8,
        row.holds() ? "#4a8f5c" : "#c0503c");
    add(
        svg,
        "<text x=\"%.1f\" y=\"%d\">%.2f</text>",
        TEXT + Math.min(MOST, share) * UNIT + 4,
        top + 15,
        share);
  }

  private static double share(Row row) {
    double figure = row.ratio().orElse(row.value());
    double bound = row.target().bound();
    return Math.max(0, row.target().atLeast() ? bound / figure : figure / bound);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static void add(StringBuilder svg, String form, Object... words) {
    svg.append(String.format(Locale.ROOT, form, words)).append('\n');
  }
}
