/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.http;

import io.manyhands.spi.PluginConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Request;

/**
 * Whom to believe what the client saw: X-Forwarded-Host and X-Forwarded-Proto count where the peer
 * is one of these, and their last value counts, which that peer wrote. Immutable.
 */
final class Proxies {
  private static final Pattern LITERAL = Pattern.compile("[0-9a-fA-F.:]{2,45}");
  private static final Pattern AUTHORITY =
      Pattern.compile("([A-Za-z0-9._-]{1,253}|\\[[0-9a-fA-F:.]{2,45}\\])(:[0-9]{1,5})?");

  private final List<Network> networks;

  private Proxies(List<Network> networks) {
    this.networks = List.copyOf(networks);
  }

  /** The first bits of an address. */
  private static final class Network {
    private final byte[] address;
    private final int bits;

    Network(byte[] address, int bits) {
      this.address = address;
      this.bits = bits;
    }

    boolean contains(byte[] other) {
      if (other.length != address.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> (bit % 8);
        if ((other[bit / 8] & mask) != (address[bit / 8] & mask)) {
          return false;
        }
      }
      return true;
    }
  }

  static Proxies parse(PluginConfig config, String key) {
    String text = config.text(key, "");
    List<Network> networks = new ArrayList<>();
    for (String entry : text.split(",", -1)) {
      if (!entry.isBlank()) {
        networks.add(
            network(entry.trim())
                .orElseThrow(
                    () ->
                        config.invalid(
                            key,
                            text,
                            "addresses or networks such as 10.0.0.1, 10.0.0.0/8, fd00::/8")));
      }
    }
    return new Proxies(networks);
  }

  private static Optional<Network> network(String text) {
    int slash = text.indexOf('/');
    String address = slash < 0 ? text : text.substring(0, slash);
    if (!LITERAL.matcher(address).matches()
        || (address.indexOf(':') < 0 && address.split("\\.", -1).length != 4)) {
      // A name would have to be looked up, and may change.
      return Optional.empty();
    }
    try {
      byte[] bytes = InetAddress.getByName(address).getAddress();
      int most = bytes.length * 8;
      int bits = slash < 0 ? most : Integer.parseInt(text.substring(slash + 1));
      return bits < 0 || bits > most ? Optional.empty() : Optional.of(new Network(bytes, bits));
    } catch (UnknownHostException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  boolean trusts(SocketAddress peer) {
    if (networks.isEmpty()
        || !(peer instanceof InetSocketAddress address)
        || address.getAddress() == null) {
      return false;
    }
    byte[] bytes = address.getAddress().getAddress();
    return networks.stream().anyMatch(network -> network.contains(bytes));
  }

  /** What the client asked for; url is absolute, and host is lower case and has no port. */
  record Target(String host, String url, boolean trusted) {
    boolean isSecure() {
      return url.startsWith("https:");
    }
  }

  Target target(Request request) {
    HttpURI uri = request.getHttpURI();
    boolean trusted = trusts(request.getConnectionMetaData().getRemoteSocketAddress());
    Optional<String> authority =
        trusted
            ? last(request, "X-Forwarded-Host").filter(AUTHORITY.asMatchPredicate())
            : Optional.empty();
    Optional<String> scheme =
        trusted
            ? last(request, "X-Forwarded-Proto")
                .map(value -> value.toLowerCase(Locale.ROOT))
                .filter(value -> value.equals("http") || value.equals("https"))
            : Optional.empty();
    String host =
        authority.map(Proxies::withoutPort).orElse(uri.getHost() == null ? "" : uri.getHost());
    String url =
        authority.isEmpty() && scheme.isEmpty()
            ? uri.asString()
            : scheme.orElse(String.valueOf(uri.getScheme()))
                + "://"
                + authority.orElse(String.valueOf(uri.getAuthority()))
                + uri.getPathQuery();
    return new Target(host.toLowerCase(Locale.ROOT), url, trusted);
  }

  private static String withoutPort(String authority) {
    int colon = authority.lastIndexOf(':');
    return colon < 0 || authority.endsWith("]") ? authority : authority.substring(0, colon);
  }

  private static Optional<String> last(Request request, String header) {
    List<String> values = request.getHeaders().getCSV(header, false);
    return values.isEmpty() ? Optional.empty() : Optional.of(values.get(values.size() - 1).trim());
  }
}
