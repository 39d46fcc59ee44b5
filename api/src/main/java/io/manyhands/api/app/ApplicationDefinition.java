/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.api.app;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.worker.WorkerStack;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What an application is. Settings and keys never appear in {@link #toString}.
 *
 * @param id unique in a Runtime
 * @param tenant whose it is
 * @param stack what runs it
 * @param content its code
 * @param settings environment of its functions; may not name a variable of the protocol
 * @param keys what HTTP callers present
 * @param hostNames further host names, lower case, that lead to it
 * @param limits its limits
 */
public record ApplicationDefinition(
    ApplicationId id,
    TenantId tenant,
    WorkerStack stack,
    ApplicationContent content,
    Map<String, String> settings,
    AccessKeys keys,
    List<String> hostNames,
    AppLimits limits) {
  public ApplicationDefinition {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(tenant, "tenant");
    Objects.requireNonNull(stack, "stack");
    Objects.requireNonNull(content, "content");
    settings = java.util.Collections.unmodifiableMap(new TreeMap<>(settings));
    for (String name : settings.keySet()) {
      if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0) {
        throw new ManyhandsException(
            ErrorCode.INVALID_ARGUMENT,
            "application "
                + id
                + ": setting name \""
                + name
                + "\" (expected: not empty, without '=' and NUL)");
      }
    }
    Objects.requireNonNull(keys, "keys");
    hostNames = hostNames.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
    Objects.requireNonNull(limits, "limits");
  }

  /** Starts a definition. */
  public static Builder builder(ApplicationId id) {
    return new Builder(id);
  }

  /** Starts a definition. */
  public static Builder builder(String id) {
    return new Builder(ApplicationId.of(id));
  }

  /** Starts from this one. */
  public Builder toBuilder() {
    Builder builder =
        new Builder(id)
            .tenant(tenant.value())
            .stack(stack)
            .content(content)
            .keys(keys)
            .limits(limits);
    builder.settings.putAll(settings);
    builder.hostNames.addAll(hostNames);
    return builder;
  }

  @Override
  public String toString() {
    return "ApplicationDefinition["
        + id
        + ", tenant "
        + tenant
        + ", "
        + stack
        + ", "
        + content
        + ", "
        + settings.size()
        + " settings]";
  }

  /** Collects a definition; tenant, stack and content must be given. */
  public static final class Builder {
    private final ApplicationId id;
    private @org.jspecify.annotations.Nullable TenantId tenant;
    private @org.jspecify.annotations.Nullable WorkerStack stack;
    private @org.jspecify.annotations.Nullable ApplicationContent content;
    private final Map<String, String> settings = new TreeMap<>();
    private AccessKeys keys = AccessKeys.none();
    private final List<String> hostNames = new ArrayList<>();
    private AppLimits limits = AppLimits.defaults();

    private Builder(ApplicationId id) {
      this.id = id;
    }

    public Builder tenant(String value) {
      tenant = TenantId.of(value);
      return this;
    }

    public Builder stack(WorkerStack value) {
      stack = value;
      return this;
    }

    public Builder content(ApplicationContent value) {
      content = value;
      return this;
    }

    public Builder setting(String name, String value) {
      settings.put(name, value);
      return this;
    }

    public Builder keys(AccessKeys value) {
      keys = value;
      return this;
    }

    public Builder hostName(String value) {
      hostNames.add(value);
      return this;
    }

    public Builder limits(AppLimits value) {
      limits = value;
      return this;
    }

    public ApplicationDefinition build() {
      return new ApplicationDefinition(
          id,
          given("tenant", tenant),
          given("stack", stack),
          given("content", content),
          settings,
          keys,
          hostNames,
          limits);
    }

    private <T> T given(String name, @org.jspecify.annotations.Nullable T value) {
      if (value == null) {
        throw new ManyhandsException(
            ErrorCode.INVALID_ARGUMENT, "application " + id + ": no " + name + " given");
      }
      return value;
    }
  }
}
