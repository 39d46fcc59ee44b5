/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.http;

import io.manyhands.spi.PluginConfig;
import io.manyhands.spi.PluginContext;
import io.manyhands.spi.trigger.Trigger;
import io.manyhands.spi.trigger.TriggerFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;

/**
 * Makes the HTTP trigger. Options, with their defaults:
 *
 * <ul>
 *   <li>{@code host} (127.0.0.1) and {@code port} (0: any): where it listens
 *   <li>{@code plaintext} (false): it speaks no TLS itself, and so listens beyond this machine only
 *       where this is true, and a proxy before it that speaks TLS is the one to be reached
 *   <li>{@code domain} (none): applications are reached as {@code <id>.<domain>}
 *   <li>{@code trustedProxies} (none): addresses and networks such as {@code 10.0.0.0/8},
 *       comma-separated, whose X-Forwarded-Host and X-Forwarded-Proto count
 *   <li>{@code maximumConnections} (10,000): further ones wait to be accepted
 *   <li>{@code maximumHeaderBytes} (16 KiB) of a request's head
 *   <li>{@code maximumBodyBytes} (32 MiB) of a request
 *   <li>{@code maximumBufferedBytes} (a quarter of the heap) of all requests' bodies together, and
 *       of answers until clients have read them
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
    if (!config.flag("plaintext", false) && !isLoopback(options.host())) {
      throw config.invalid(
          "host",
          options.host(),
          "an address of this machine alone, with a proxy before it that speaks TLS, or"
              + " plaintext=true: keys and payloads would cross the network in clear");
    }
    config.finish();
    return new HttpTrigger(options, context);
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      // Said when it is opened, with the same words as for any host.
      return true;
    }
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
