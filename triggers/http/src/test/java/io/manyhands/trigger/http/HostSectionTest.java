/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.app.ApplicationId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HostSectionTest {
  private static final ApplicationId SHOP = ApplicationId.of("shop");

  @Test
  void silenceIsTheDefaults() {
    assertThat(HostSection.of(SHOP, Map.of())).isEqualTo(HostSection.defaults());
    assertThat(HostSection.of(SHOP, Map.of("http", Map.of()))).isEqualTo(HostSection.defaults());
  }

  @Test
  void everythingIsRead() {
    HostSection section =
        HostSection.of(
            SHOP,
            Map.of(
                "http",
                Map.of(
                    "routePrefix",
                    "/shop/v1/",
                    "maxOutstandingRequests",
                    200,
                    "maxConcurrentRequests",
                    -1,
                    "dynamicThrottlesEnabled",
                    true,
                    "customHeaders",
                    Map.of("X-Content-Type-Options", "nosniff"),
                    "hsts",
                    Map.of("isEnabled", true, "maxAge", "1.00:00:01", "preload", true))));

    assertThat(section.routePrefix()).isEqualTo("shop/v1");
    assertThat(section.maximumOutstanding()).isEqualTo(200);
    assertThat(section.maximumConcurrent()).isZero();
    assertThat(section.customHeaders()).containsEntry("X-Content-Type-Options", "nosniff");
    assertThat(section.strictTransport()).contains("max-age=86401; preload");
  }

  static Stream<Arguments> malformed() {
    return Stream.of(
        Arguments.of("routePrefix", 7, "text such as \"api\""),
        Arguments.of("routePrefix", "{tenant}", "without parameters"),
        Arguments.of("routePrefix", "a//b", "a path such as"),
        Arguments.of("maxOutstandingRequests", "many", "a whole number from 1, or -1"),
        Arguments.of("maxOutstandingRequests", 0, "a whole number from 1, or -1"),
        Arguments.of("maxConcurrentRequests", 1.5, "a whole number from 1, or -1"),
        Arguments.of("maxConcurrentRequests", 1e12, "a whole number from 1, or -1"),
        Arguments.of("customHeaders", List.of(), "an object"),
        Arguments.of("customHeaders", Map.of("X Y", "1"), "a header"),
        Arguments.of("customHeaders", Map.of("X-Y", "1\r\n"), "a header"),
        Arguments.of("customHeaders", Map.of("Content-Length", "1"), "a header"),
        Arguments.of("customHeaders", Map.of("X-Y", 1), "a header"),
        Arguments.of("hsts", "on", "an object"),
        Arguments.of("hsts", Map.of("isEnabled", "yes"), "true or false"),
        Arguments.of("hsts", Map.of("isEnabled", true, "maxAge", "long"), "d.hh:mm:ss"),
        Arguments.of("hsts", Map.of("isEnabled", true, "maxAge", "99999999"), "d.hh:mm:ss"));
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void whatIsMalformedIsRefusedNamingFileKeyAndWhatIsExpected(
      String key, Object value, String expected) {
    Map<String, Object> http = new HashMap<>();
    http.put(key, value);

    assertThatThrownBy(() -> HostSection.of(SHOP, Map.of("http", http)))
        .isInstanceOfSatisfying(
            ManyhandsException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
        .hasMessageContaining("application shop: host.json: extensions.http." + key)
        .hasMessageContaining("expected: ")
        .hasMessageContaining(expected);
  }

  @Test
  void sectionThatIsNoObjectIsRefused() {
    assertThatThrownBy(() -> HostSection.of(SHOP, Map.of("http", "on")))
        .hasMessageContaining("extensions.http: \"on\" (expected: an object)");
  }
}
