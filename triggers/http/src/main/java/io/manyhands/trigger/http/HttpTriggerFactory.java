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
import java.util.Locale;

/**
 * Makes the HTTP trigger. Options, with their defaults:
 *
 * <ul>
 *   <li>{@code host} (127.0.0.1) and {@code port} (0: any): where it listens
 *   <li>{@code domain} (none): applications are reached as {@code <id>.<domain>}
 *   <li>{@code trustedProxies} (none): addresses and networks such as {@code 10.0.0.0/8},
 *       comma-separated, whose X-Forwarded-Host and X-Forwarded-Proto count
 *   <li>{@code maximumConnections} (10,000): further ones wait to be accepted
 *   <li>{@code maximumHeaderBytes} (16 KiB) of a request's head
 *   <li>{@code maximumBodyBytes} (32 MiB) of a request
 *   <li>{@code maximumBufferedBytes} (a quarter of the heap) of all requests' bodies together
 *   <li>{@code maximumPending} (1,000): requests of an application that wait for its start, or for
 *       their turn where host.json limits how many run at once
 *   <li>{@code headTimeout} (10 s), {@code bodyTimeout} (30 s): for a whole head or body
 *   <li>{@code idleTimeout} (5 min): of a connection on which nothing happens
 *   <li>{@code callerTimeout} (230 s): how long a caller waits for a function at most
 * </ul>
 */
final class HttpTriggerFactory implements TriggerFactory {
  @Override
  public String name() {
    return "http";
  }

  @Override
  public Trigger create(PluginConfig config, PluginContext context) {
    HttpOptions options = options(config);
    config.finish();
    return new HttpTrigger(options, context);
  }

  private static HttpOptions options(PluginConfig config) {
    return new HttpOptions(
        config.text("host", "127.0.0.1"),
        (int) config.number("port", 0, 0, 65535),
        config.text("domain", "").toLowerCase(Locale.ROOT),
        Proxies.parse(config, "trustedProxies"),
        (int) config.number("maximumConnections", 10_000, 1, 1_000_000),
        (int) config.number("maximumHeaderBytes", 16 << 10, 1 << 10, 1 << 20),
        config.number("maximumBodyBytes", 32 << 20, 1, 1 << 30),
        config.number(
            "maximumBufferedBytes",
            Math.max(1, Runtime.getRuntime().maxMemory() / 4),
            1,
            Long.MAX_VALUE),
        (int) config.number("maximumPending", 1000, 1, 1_000_000),
        new HttpOptions.Timeouts(
            config.duration("headTimeout", Duration.ofSeconds(10)),
            config.duration("bodyTimeout", Duration.ofSeconds(30)),
            config.duration("idleTimeout", Duration.ofMinutes(5)),
            config.duration("callerTimeout", Duration.ofSeconds(230))));
  }
}
