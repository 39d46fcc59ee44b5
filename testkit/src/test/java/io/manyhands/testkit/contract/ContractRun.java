/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.contract;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.util.Set;
import java.util.stream.Collectors;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/** What became of each test of a contract, by method name. */
record ContractRun(Set<String> passed, Set<String> failed) {
  static ContractRun of(Class<?> subject) {
    return of(selectClass(subject));
  }

  static ContractRun of(Class<?> subject, String method) {
    return of(selectMethod(subject, method));
  }

  private static ContractRun of(DiscoverySelector selector) {
    Events tests = EngineTestKit.engine("junit-jupiter").selectors(selector).execute().testEvents();
    return new ContractRun(names(tests.succeeded()), names(tests.failed()));
  }

  private static Set<String> names(Events events) {
    return events.stream()
        .flatMap(event -> event.getTestDescriptor().getSource().stream())
        .map(source -> ((MethodSource) source).getMethodName())
        .collect(Collectors.toSet());
  }
}
