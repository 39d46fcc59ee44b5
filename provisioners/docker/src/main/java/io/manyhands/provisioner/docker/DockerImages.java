/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.provisioner.docker;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.command.PullImageCmd;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.AuthConfig;
import com.github.dockerjava.api.model.PullResponseItem;
import com.github.dockerjava.api.model.ResponseItem;
import com.github.dockerjava.core.NameParser;
import io.manyhands.support.platform.PlatformException;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The images of an engine. A missing one is pulled once, however many wait, and whoever asks
 * meanwhile is told to come again and how far it is. Thread-safe.
 */
final class DockerImages {
  private static final Logger LOG = LoggerFactory.getLogger(DockerImages.class);
  private static final Duration COME_AGAIN = Duration.ofSeconds(2);

  private final DockerConnection connection;
  private final DockerOptions.Pull options;
  private final Map<String, PullProgress> pulls = new ConcurrentHashMap<>();
  private final Map<String, Map<String, String>> environments = new ConcurrentHashMap<>();

  DockerImages(DockerConnection connection, DockerOptions.Pull options) {
    this.connection = connection;
    this.options = options;
  }

  /** Begins to pull what is missing, or all where that is asked for. */
  void prepare(Iterable<String> images) throws PlatformException {
    for (String image : images) {
      if (options.policy() == DockerOptions.Pull.Policy.ALWAYS) {
        PullProgress unused = pull(image);
      } else {
        try {
          require(image);
        } catch (PlatformException e) {
          if (e.kind() == PlatformException.Kind.UNREACHABLE) {
            throw e;
          }
          LOG.info("image {}: {}", image, e.getMessage());
        }
      }
    }
  }

  /** Returns where it is there; fails with BUSY while it is pulled, else with REFUSED. */
  void require(String image) throws PlatformException {
    PullProgress pulling = pulls.get(image);
    if (pulling != null) {
      String failure = pulling.failure();
      if (failure != null) {
        pulls.remove(image, pulling);
        throw new PlatformException(PlatformException.Kind.REFUSED, failure, null);
      }
      throw isPulled(image, pulling);
    }
    if (environments.containsKey(image)) {
      return;
    }
    Optional<Map<String, String>> found = inspect(image);
    if (found.isPresent()) {
      environments.put(image, found.get());
      return;
    }
    if (options.policy() == DockerOptions.Pull.Policy.NEVER) {
      throw new PlatformException(
          PlatformException.Kind.REFUSED,
          "image " + image + " is not there (expected: an image, or option pull=missing)",
          null);
    }
    throw isPulled(image, pull(image));
  }

  /** The variables that the image sets; empty where it has not been required. */
  Map<String, String> environment(String image) {
    return environments.getOrDefault(image, Map.of());
  }

  /** It turned out not to be there. */
  void forget(String image) {
    environments.remove(image);
  }

  private static PlatformException isPulled(String image, PullProgress pulling) {
    return new PlatformException(
        PlatformException.Kind.BUSY,
        "image " + image + " is being pulled: " + pulling.text(),
        Optional.of(COME_AGAIN),
        null);
  }

  private Optional<Map<String, String>> inspect(String image) throws PlatformException {
    return connection.call(
        "inspect of image " + image,
        () -> {
          try {
            InspectImageResponse found = connection.calls().inspectImageCmd(image).exec();
            Map<String, String> environment = new TreeMap<>();
            if (found.getConfig() != null && found.getConfig().getEnv() != null) {
              Arrays.stream(found.getConfig().getEnv())
                  .map(variable -> variable.split("=", 2))
                  .filter(parts -> parts.length == 2)
                  .forEach(parts -> environment.put(parts[0], parts[1]));
            }
            return Optional.of(environment);
          } catch (NotFoundException e) {
            return Optional.<Map<String, String>>empty();
          }
        });
  }

  private PullProgress pull(String image) throws PlatformException {
    PullProgress progress = new PullProgress(image);
    PullProgress before = pulls.putIfAbsent(image, progress);
    if (before != null) {
      return before;
    }
    LOG.info("image {} is pulled", image);
    try {
      NameParser.ReposTag name = NameParser.parseRepositoryTag(image);
      PullImageCmd pull = connection.streams().pullImageCmd(name.repos);
      if (!name.tag.isEmpty()) {
        pull = pull.withTag(name.tag);
      } else if (!image.contains("@")) {
        pull = pull.withTag("latest");
      }
      AuthConfig login = login();
      (login == null ? pull : pull.withAuthConfig(login)).exec(progress);
    } catch (RuntimeException | IOException e) {
      pulls.remove(image, progress);
      throw new PlatformException(
          PlatformException.Kind.REFUSED,
          "image " + image + " cannot be pulled: " + DockerConnection.text(e),
          e);
    }
    return progress;
  }

  private @Nullable AuthConfig login() throws IOException {
    if (options.username().isEmpty() || options.passwordFile().isEmpty()) {
      return null;
    }
    return new AuthConfig()
        .withUsername(options.username().get())
        .withPassword(Files.readString(options.passwordFile().get()).strip());
  }

  /** Ends all pulls. */
  void close() {
    for (PullProgress progress : pulls.values()) {
      try {
        progress.close();
      } catch (IOException e) {
        LOG.debug("a pull could not be ended", e);
      }
    }
  }

  /** How far a pull is; on the library's thread of that stream. */
  private final class PullProgress extends ResultCallback.Adapter<PullResponseItem> {
    private final String image;
    private final Map<String, long[]> layers = new ConcurrentHashMap<>();
    private volatile String status = "asked for";
    private volatile @Nullable String failure;

    PullProgress(String image) {
      this.image = image;
    }

    String text() {
      long have = layers.values().stream().mapToLong(layer -> layer[0]).sum();
      long all = layers.values().stream().mapToLong(layer -> layer[1]).sum();
      return all == 0 ? status : "%s, %d of %d bytes".formatted(status, have, all);
    }

    @Nullable String failure() {
      return failure;
    }

    @Override
    public void onNext(PullResponseItem item) {
      ResponseItem.ErrorDetail error = item.getErrorDetail();
      if (error != null) {
        fail(String.valueOf(error.getMessage()));
        return;
      }
      if (item.getStatus() != null) {
        status = item.getStatus();
      }
      String layer = item.getId();
      ResponseItem.ProgressDetail progress = item.getProgressDetail();
      if (layer != null
          && progress != null
          && progress.getCurrent() != null
          && progress.getTotal() != null) {
        layers.put(layer, new long[] {progress.getCurrent(), progress.getTotal()});
      }
      LOG.debug("image {}: {}", image, text());
    }

    @Override
    public void onError(Throwable error) {
      fail(error instanceof Exception e ? DockerConnection.text(e) : error.toString());
      super.onError(error);
    }

    @Override
    public void onComplete() {
      if (failure == null) {
        LOG.info("image {} was pulled", image);
        pulls.remove(image, this);
      }
      super.onComplete();
    }

    private void fail(String why) {
      failure = "image " + image + " cannot be pulled: " + why;
      LOG.warn("image {} cannot be pulled: {}", image, why);
    }
  }
}
