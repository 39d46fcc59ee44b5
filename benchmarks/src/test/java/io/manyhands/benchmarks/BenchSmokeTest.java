/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.manyhands.benchmarks.harness.Part;
import io.manyhands.benchmarks.harness.Plot;
import io.manyhands.benchmarks.harness.Row;
import io.manyhands.benchmarks.harness.Scale;
import io.manyhands.benchmarks.harness.Table;
import io.manyhands.benchmarks.harness.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each part runs at a size at which its figures mean nothing; none of them is judged. */
class BenchSmokeTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  static List<Part> parts() {
    return Bench.PARTS.stream().filter(Part::isForEveryBuild).toList();
  }

  @ParameterizedTest
  @MethodSource("parts")
  void partRunsAndItsRowsHaveTheFormThatProgramsRead(Part part) throws Exception {
    List<Row> rows = new ArrayList<>();

    part.run(Scale.SMOKE, table -> rows.addAll(table.namedRows()));

    assertThat(rows).isNotEmpty();
    assertThat(rows).anyMatch(row -> row.target().exists());
    JsonNode list = JSON.readTree(Bench.json(rows));
    assertThat(list.size()).isEqualTo(rows.size());
    list.forEach(BenchSmokeTest::assertForm);
  }

  @Test
  void rowOfARatioHasTheFormThatProgramsRead() throws Exception {
    Row row = new Row("a \"name\"\\", 3, "us", OptionalDouble.of(2), Target.atMost(1.25), "");

    JsonNode json = JSON.readTree(Bench.json(List.of(row))).get(0);

    assertForm(json);
    assertThat(json.get("name").asText()).isEqualTo("a \"name\"\\");
    assertThat(json.get("ratio").asDouble()).isEqualTo(1.5);
    assertThat(json.get("target").asDouble()).isEqualTo(1.25);
    assertThat(json.get("holds").asBoolean()).isFalse();
  }

  @Test
  void plotShowsWhatHasATargetAndWhetherItHolds() {
    Row missed = Row.absolute("a < b", "ms", 30, Target.atMost(10), "");
    Row held = Row.absolute("c", "1/s", 20, Target.atLeast(10), "");
    Row aimless = Row.absolute("d", "ms", 1, Target.none(), "");

    String svg = Plot.svg(List.of(missed, held, aimless));

    assertThat(svg).contains(">a &lt; b<", ">3.00<", ">c<", ">0.50<").doesNotContain(">d<");
    assertThat(svg).startsWith("<svg").endsWith("</svg>\n");
  }

  @Test
  void formIsNotThatOfARowWithoutItsTarget() throws Exception {
    JsonNode json = JSON.readTree("{\"name\":\"x\",\"value\":1,\"unit\":\"us\",\"baseline\":null}");

    assertThatThrownBy(() -> assertForm(json)).isInstanceOf(AssertionError.class);
  }

  @Test
  void namesOfRowsSayWhatWasCut() {
    Table table =
        new Table(
            "title",
            "",
            List.of(Row.absolute("x" + Scale.QUICK.suffix(), "ms", 1, Target.none(), "")),
            List.of());

    assertThat(table.namedRows().get(0).name()).isEqualTo("title: x (quick)");
  }

  private static void assertForm(JsonNode row) {
    List<String> names = new ArrayList<>();
    row.fieldNames().forEachRemaining(names::add);
    assertThat(names)
        .containsExactly("name", "value", "unit", "baseline", "ratio", "target", "holds");
    assertThat(row.get("name").isTextual()).isTrue();
    assertThat(row.get("value").isNumber()).as("%s", row).isTrue();
    assertThat(row.get("unit").isTextual()).isTrue();
    for (String number : List.of("baseline", "ratio", "target")) {
      assertThat(row.get(number).isNumber() || row.get(number).isNull()).as("%s", row).isTrue();
    }
    assertThat(row.get("holds").isBoolean()).isTrue();
  }
}
