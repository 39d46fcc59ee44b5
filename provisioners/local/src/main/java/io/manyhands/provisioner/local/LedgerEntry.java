/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.provisioner.local;

import io.manyhands.api.ManyhandsException;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.support.launch.LaunchMarker;
import io.manyhands.support.launch.ProcessTree;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A launch of which a {@link Ledger} tells that it may have left processes, and how that is
 * written.
 *
 * @param tree what finds its processes
 * @param comeback where its worker can come back
 */
record LedgerEntry(ProcessTree tree, Optional<Comeback> comeback) {
  private static final Logger LOG = LoggerFactory.getLogger(LedgerEntry.class);
  private static final Pattern MARKER = Pattern.compile("[0-9a-f]{32}");
  private static final String NO_VERSION = "*";

  /**
   * A worker that outlives its Runtime.
   *
   * @param dials where it dials in again
   */
  record Comeback(WorkerId worker, WorkerStack stack, URI dials) {}

  static String starting(LaunchMarker marker, WorkerId worker) {
    return "starting %s %s".formatted(marker.value(), hash(worker));
  }

  static String started(ProcessTree tree) {
    return "started %s %d %d %s %s"
        .formatted(
            tree.marker().value(),
            tree.pid(),
            tree.start(),
            tree.ownSession(),
            ProcessTree.bootId());
  }

  static String resumable(LaunchMarker marker, Comeback comeback) {
    return "resumable %s %s %s %s %s"
        .formatted(
            marker.value(),
            comeback.worker().value(),
            comeback.stack().language(),
            comeback.stack().version().isEmpty() ? NO_VERSION : comeback.stack().version(),
            comeback.dials());
  }

  static String ended(LaunchMarker marker) {
    return "ended " + marker.value();
  }

  /** The marker that a line is about; null for a line that a crash cut. */
  static @Nullable String markerOf(String line) {
    String[] words = line.split(" ", -1);
    return words.length > 1 && MARKER.matcher(words[1]).matches() ? words[1] : null;
  }

  /**
   * What the lines tell of, by marker. A line that a crash cut is passed over: what it would have
   * told, the line before tells too.
   */
  static Map<String, LedgerEntry> parse(List<String> lines) {
    Map<String, LedgerEntry> left = new LinkedHashMap<>();
    for (String line : lines) {
      String marker = markerOf(line);
      if (marker != null) {
        read(left, marker, line.split(" ", -1));
      }
    }
    return left;
  }

  private static void read(Map<String, LedgerEntry> left, String marker, String[] words) {
    LedgerEntry known = left.get(marker);
    if (words[0].equals("starting")) {
      left.put(marker, new LedgerEntry(ProcessTree.of(new LaunchMarker(marker)), Optional.empty()));
    } else if (words[0].equals("started") && words.length == 6) {
      if (!words[5].equals(ProcessTree.bootId())) {
        // The machine has been started anew since: ids and start times mean others now.
        left.remove(marker);
        return;
      }
      tree(marker, words)
          .ifPresent(tree -> left.put(marker, new LedgerEntry(tree, Optional.empty())));
    } else if (words[0].equals("resumable") && words.length == 6 && known != null) {
      comeback(words)
          .ifPresent(back -> left.put(marker, new LedgerEntry(known.tree(), Optional.of(back))));
    } else if (words[0].equals("ended")) {
      left.remove(marker);
    }
  }

  private static Optional<ProcessTree> tree(String marker, String[] words) {
    try {
      return Optional.of(
          new ProcessTree(
              Long.parseLong(words[2]),
              Long.parseLong(words[3]),
              new LaunchMarker(marker),
              words[4].equals("true")));
    } catch (NumberFormatException e) {
      LOG.debug("a line of the ledger is damaged", e);
      return Optional.empty();
    }
  }

  private static Optional<Comeback> comeback(String[] words) {
    try {
      return Optional.of(
          new Comeback(
              new WorkerId(words[2]),
              WorkerStack.of(words[3], words[4].equals(NO_VERSION) ? "" : words[4]),
              URI.create(words[5])));
    } catch (ManyhandsException | IllegalArgumentException e) {
      LOG.debug("a line of the ledger is damaged", e);
      return Optional.empty();
    }
  }

  private static String hash(WorkerId worker) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(worker.value().getBytes(StandardCharsets.US_ASCII));
      return HexFormat.of().formatHex(digest, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
