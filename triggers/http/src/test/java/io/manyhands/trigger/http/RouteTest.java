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
import org.junit.jupiter.api.Test;

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
