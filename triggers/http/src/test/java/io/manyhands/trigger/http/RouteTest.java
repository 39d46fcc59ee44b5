/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.app.Binding;
import io.manyhands.api.app.FunctionDefinition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteTest {
  private static final ApplicationId APP = ApplicationId.of("a");

  @Test
  void parametersConstraintsAndCatchAllsMatchAsTheyRead() {
    assertThat(parameters("orders/{id:int}", "/orders/17")).containsEntry("id", "17");
    assertThat(RouteTemplate.parse("orders/{id:int}").match(List.of("orders", "x"))).isEmpty();
    assertThat(parameters("files/{*rest}", "/files/a/b")).containsEntry("rest", "a/b");
    assertThat(parameters("orders/{id?}", "/orders")).isEmpty();
    assertThat(parameters("Orders/{code:length(2)}", "/oRDERS/ab")).containsEntry("code", "ab");
    assertThat(parameters("n/{x:range(1,9)}/{y:guid}", "/n/9/11111111-1111-1111-1111-111111111111"))
        .hasSize(2);
  }

  @Test
  void literalBeatsConstraintBeatsParameterBeatsCatchAll() {
    RouteSet routes =
        RouteSet.of(
            APP,
            "api",
            List.of(
                function("all", "{*rest}"),
                function("any", "{id}"),
                function("number", "{id:int}"),
                function("one", "1")));

    assertThat(names(routes, "/api/1")).containsExactly("one", "number", "any", "all");
    assertThat(names(routes, "/api/2")).containsExactly("number", "any", "all");
    assertThat(names(routes, "/api/x/y")).containsExactly("all");
  }

  @Test
  void twoFunctionsOnOneRouteAreRefusedNamingBoth() {
    assertThatThrownBy(
            () ->
                RouteSet.of(
                    APP, "api", List.of(function("one", "x/{a}"), function("two", "X/{b}"))))
        .hasMessageContaining("one")
        .hasMessageContaining("two")
        .hasMessageContaining("api/x/{a}");
  }

  @Test
  void malformedRouteFailsThatFunctionAlone() {
    RouteSet routes =
        RouteSet.of(APP, "api", List.of(function("good", "x"), function("bad", "{id:nonsense}")));

    assertThat(routes.problems()).containsOnlyKeys("bad");
    assertThat(routes.problems().get("bad")).contains("nonsense").contains("known: int");
    assertThat(names(routes, "/api/x")).containsExactly("good");
  }

  @Test
  void routeThatEndsBeatsOneThatCouldGoOn() {
    RouteSet routes =
        RouteSet.of(
            APP,
            "",
            List.of(
                function("rest", "orders/{*rest}"),
                function("maybe", "orders/{id?}"),
                function("exact", "orders")));

    assertThat(names(routes, "/orders")).containsExactly("exact", "maybe", "rest");
    assertThat(names(routes, "/orders/1")).containsExactly("maybe", "rest");
  }

  @Test
  void routesThatTakeTheSamePathsAreRefusedWhateverTheirParametersAreCalled() {
    for (List<String> pair :
        List.of(
            List.of("a/{x}", "A/{y}"),
            List.of("a/{x:int}", "a/{y:INT}"),
            List.of("a/{x:int:min(1)}", "a/{y:min(1):int}"),
            List.of("a/{x?}", "a/{y}"),
            List.of("{*x}", "{*y}"),
            List.of("/a/", "a"))) {
      assertThatThrownBy(
              () ->
                  RouteSet.of(
                      APP,
                      "api",
                      List.of(function("one", pair.get(0)), function("two", pair.get(1)))))
          .as(pair.toString())
          .hasMessageContaining("functions one and two have the same route")
          .hasMessageContaining("expected: another route, or other methods");
    }
    assertThat(
            RouteSet.of(
                    APP,
                    "api",
                    List.of(
                        function("one", "a/{x:int}"),
                        function("two", "a/{y:guid}"),
                        function("three", "a/{z}")))
                .problems())
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{x:int} | -17 | 2147483648",
        "{x:long} | 2147483648 | 9223372036854775808",
        "{x:bool} | TRUE | yes",
        "{x:guid} | 11111111-1111-1111-1111-11111111111a | 1111",
        "{x:alpha} | abC | a1",
        "{x:decimal} | -1.5e3 | 1.2.3",
        "{x:double} | .5 | x",
        "{x:datetime} | 2026-01-31T10:00:00Z | yesterday",
        "{x:length(2)} | ab | a",
        "{x:length(2,3)} | abc | abcd",
        "{x:minlength(2)} | ab | a",
        "{x:maxlength(2)} | ab | abc",
        "{x:min(5)} | 5 | 4",
        "{x:max(5)} | -5 | 6",
        "{x:range(1,9)} | 9 | 0",
        "{x:regex(^[a-c]+$)} | abc | abd",
        "{x:regex(^\\d{{3}}$)} | 123 | 1234",
        "{x:regex(^\\d{3}$)} | 123 | 12a",
        "{x:regex(^(a:b)$)} | a:b | a-b",
        "{x:int:range(1,9)} | 9 | 10",
        "{x:required} | a | ",
        "{*x:alpha} | abc | a/b",
      })
  void constraintTakesTheOneAndNotTheOther(String route, String good, String bad) {
    assertThat(RouteTemplate.parse(route).match(List.of(good.split("/")))).isPresent();
    if (bad != null) {
      assertThat(RouteTemplate.parse(route).match(List.of(bad.split("/")))).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a//b | an empty segment",
        "{ | its braces do not pair",
        "a}{ | segment a}{",
        "{} | parameter name \"\"",
        "{1x} | parameter name \"1x\"",
        "{x}{y} | ",
        "{x}.{y} | ",
        "a{x} | segment a{x}",
        "{x}a | segment {x}a",
        "{x?}/a | only the last one",
        "{*x}/a | only the last one",
        "{x}/{X} | parameter X stands twice",
        "{x=1} | parameter name \"x=1\"",
        "{x:int(} | a parenthesis at its end",
        "{x:number} | known: int",
        "{x:length} | one or two whole numbers",
        "{x:length(a)} | whole numbers in parentheses",
        "{x:range(1)} | two whole numbers",
        "{x:min(1,2)} | one whole number",
        "{x:regex} | a regular expression in parentheses",
        "{x:regex([)} | missing closing ]",
        "{x:regex((?=a))} | RE2 syntax",
        "{x:regex(((a{100}){100}){100})} | too large",
      })
  void malformedRouteIsRefusedSayingWhere(String route, String expected) {
    assertThatThrownBy(() -> RouteTemplate.parse(route))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("route \"" + route + "\"")
        .hasMessageContaining(expected == null ? "expected" : expected);
  }

  @Test
  void problemNamesFunctionFolderKeyAndWhatIsExpected() {
    FunctionDefinition bad =
        new FunctionDefinition(
            "bad",
            "/app/bad",
            "",
            "",
            "",
            List.of(
                new Binding(
                    "request",
                    "httpTrigger",
                    Binding.Direction.IN,
                    Map.of("methods", List.of("get", "p ut")),
                    "{}")),
            Map.of());
    for (String level : List.of("secret", "user", "system")) {
      assertThat(problem(Map.of("authLevel", level)))
          .isEqualTo(
              "function f: authLevel: " + level + " (expected: anonymous, function or admin)");
    }

    assertThat(RouteSet.of(APP, "api", List.of(bad)).problems().get("bad"))
        .isEqualTo(
            "function bad (/app/bad): methods: \"p ut\" (expected: an HTTP method such as get)");
    assertThat(problem(Map.of("methods", Map.of()))).contains("expected: a list of HTTP methods");
  }

  @Test
  void methodsMayBeAListOrOneText() {
    RouteSet routes =
        RouteSet.of(
            APP,
            "api",
            List.of(
                HttpFixture.function("list", Map.of("methods", List.of("get", "Post"))),
                HttpFixture.function("text", Map.of("methods", "put, delete")),
                HttpFixture.function("none", Map.of("methods", ""))));

    assertThat(routes.routes())
        .extracting(RouteSet.Route::methods)
        .containsExactlyInAnyOrder(Set.of("GET", "POST"), Set.of("PUT", "DELETE"), Set.of());
  }

  private static String problem(Map<String, Object> attributes) {
    return RouteSet.of(APP, "api", List.of(HttpFixture.function("f", attributes)))
        .problems()
        .get("f");
  }

  private static Map<String, String> parameters(String route, String path) {
    return RouteTemplate.parse(route).match(Paths.segments(path).orElseThrow()).orElseThrow();
  }

  private static List<String> names(RouteSet routes, String path) {
    return routes.match(Paths.segments(path).orElseThrow()).stream()
        .map(match -> match.route().function())
        .toList();
  }

  private static FunctionDefinition function(String name, String route) {
    Map<String, Object> attributes = new HashMap<>(Map.of("route", route));
    return new FunctionDefinition(
        name,
        "",
        "",
        "",
        "",
        List.of(new Binding("request", "httpTrigger", Binding.Direction.IN, attributes, "{}")),
        Map.of());
  }
}
