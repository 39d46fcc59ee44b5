/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.http;

import io.manyhands.spi.PluginConfig;
import io.manyhands.spi.PluginContext;
import io.manyhands.spi.trigger.Trigger;
import io.manyhands.spi.trigger.TriggerFactory;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Makes the HTTP trigger. Options: {@code host} (127.0.0.1), {@code port} (0: any), {@code domain}
 * (none: applications are reached as {@code <id>.<domain>}), {@code maximumBodyBytes} (32 MiB),
 * {@code bodyTimeout} (30 s), {@code idleTimeout} (5 m), {@code callerTimeout} (230 s), {@code
 * maximumPending} (1,000 requests of an application that starts), {@code trustedProxies}
 * (addresses, comma-separated, whose X-Forwarded-Host and X-Forwarded-Proto count).
 */
final class HttpTriggerFactory implements TriggerFactory {
  @Override
  public String name() {
    return "http";
  }

  @Override
  public Trigger create(PluginConfig config, PluginContext context) {
    HttpOptions options =
        new HttpOptions(
            config.text("host", "127.0.0.1"),
            (int) config.number("port", 0, 0, 65535),
            config.text("domain", "").toLowerCase(Locale.ROOT),
            config.number("maximumBodyBytes", 32 << 20, 1, 1 << 30),
            config.duration("bodyTimeout", Duration.ofSeconds(30)),
            config.duration("idleTimeout", Duration.ofMinutes(5)),
            config.duration("callerTimeout", Duration.ofSeconds(230)),
            (int) config.number("maximumPending", 1000, 1, 1_000_000),
            List.of(config.text("trustedProxies", "").split(" *, *")));
    config.finish();
    return new HttpTrigger(options, context.time(), context.blockingExecutor());
  }
}
