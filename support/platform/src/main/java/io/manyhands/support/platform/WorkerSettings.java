/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.platform;

import io.manyhands.api.Endpoint;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.worker.WorkerStack;
import io.manyhands.spi.PluginConfig;
import io.manyhands.spi.provision.DialArguments;
import io.manyhands.spi.provision.ProvisionRequest;
import io.manyhands.spi.provision.StackInfo;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What every platform is told of the workers that it starts.
 *
 * @param images {@code image.<language>} or {@code image.<language>/<version>}: of each stack; at
 *     least one
 * @param commands {@code command.<language>}: words, separated by spaces, before the dial
 *     arguments; default none, so that the image's entry point is given the dial arguments alone
 * @param dedicated {@code dedicated}: languages, separated by commas, whose workers are started for
 *     one application each; default none
 * @param resumable {@code resumable}: languages whose workers come back by themselves, so that a
 *     new start of the Runtime leaves them running; default none
 * @param advertise {@code advertise}: where workers dial, as they see it, such as {@code
 *     http://runtime.example:7071}; default the address at which the Runtime listens
 * @param environment {@code environment.<NAME>}: further variables of every worker
 */
public record WorkerSettings(
    Map<WorkerStack, String> images,
    Map<String, List<String>> commands,
    Set<String> dedicated,
    Set<String> resumable,
    Optional<URI> advertise,
    Map<String, String> environment) {
  public WorkerSettings {
    images = Collections.unmodifiableMap(new TreeMap<>(images));
    commands = Map.copyOf(commands);
    dedicated = Set.copyOf(dedicated);
    resumable = Set.copyOf(resumable);
    environment = Collections.unmodifiableMap(new TreeMap<>(environment));
  }

  public static WorkerSettings read(PluginConfig config) {
    Map<WorkerStack, String> images = new TreeMap<>();
    config.withPrefix("image.").forEach((name, image) -> addImage(config, images, name, image));
    if (images.isEmpty()) {
      throw config.invalid("image.<language>", null, "the image of at least one language");
    }
    Map<String, List<String>> commands = new TreeMap<>();
    config
        .withPrefix("command.")
        .forEach(
            (language, words) ->
                commands.put(
                    language(config, "command." + language, language),
                    List.of(words.strip().split("\\s+"))));
    return new WorkerSettings(
        images,
        commands,
        languages(config, "dedicated"),
        languages(config, "resumable"),
        config.text("advertise").map(value -> uri(config, value)),
        config.withPrefix("environment."));
  }

  /** In the order of their names; a stack without version before those with one. */
  public List<StackInfo> stacks() {
    List<StackInfo> stacks = new ArrayList<>();
    for (WorkerStack stack : images.keySet()) {
      stacks.add(
          StackInfo.of(
              stack,
              dedicated.contains(stack.language())
                  ? StackInfo.Supply.DEDICATED
                  : StackInfo.Supply.SPECIALIZED));
    }
    return stacks;
  }

  /** Of the first stack that will do. */
  public String image(WorkerStack asked) {
    return images.entrySet().stream()
        .filter(image -> asked.acceptsWorkerOf(image.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no image of " + asked));
  }

  public boolean isResumable(WorkerStack stack) {
    return resumable.contains(stack.language());
  }

  /** Where the worker of a request dials. */
  public Endpoint endpoint(ProvisionRequest request) {
    return advertise
        .map(uri -> new Endpoint(request.endpoint().name(), uri))
        .orElse(request.endpoint());
  }

  /** The words for the entry point of the worker's image; they name its id. */
  public List<String> arguments(ProvisionRequest request) {
    List<String> arguments =
        new ArrayList<>(commands.getOrDefault(request.stack().language(), List.of()));
    arguments.addAll(
        DialArguments.of(endpoint(request), request.id(), InstanceKey.of(request.id())));
    return arguments;
  }

  /** The variables that a worker is started with, beside those of its image. */
  public Map<String, String> environment(ProvisionRequest request) {
    Map<String, String> variables = new TreeMap<>();
    if (request.application().isPresent()) {
      variables.putAll(request.application().get().environment());
    } else {
      variables.put("WEBSITE_PLACEHOLDER_MODE", "1");
    }
    variables.putAll(base());
    return variables;
  }

  /** The variables that a reload must keep. */
  public Map<String, String> base() {
    Map<String, String> base = new TreeMap<>();
    base.put("HOME", "/tmp");
    base.put("TMPDIR", "/tmp");
    base.putAll(environment);
    return base;
  }

  private static void addImage(
      PluginConfig config, Map<WorkerStack, String> images, String name, String image) {
    String key = "image." + name;
    if (image.isBlank() || image.chars().anyMatch(Character::isWhitespace)) {
      throw config.invalid(key, image, "an image such as registry.example/worker-node:1.4");
    }
    try {
      int slash = name.indexOf('/');
      images.put(
          slash < 0
              ? WorkerStack.of(name)
              : WorkerStack.of(name.substring(0, slash), name.substring(slash + 1)),
          image);
    } catch (ManyhandsException e) {
      throw config.invalid(key, image, "image.<language> or image.<language>/<version>");
    }
  }

  private static Set<String> languages(PluginConfig config, String key) {
    Set<String> languages = new TreeSet<>();
    for (String each : config.text(key, "").split(",")) {
      if (!each.isBlank()) {
        languages.add(language(config, key, each.strip()));
      }
    }
    return languages;
  }

  private static String language(PluginConfig config, String key, String name) {
    try {
      return WorkerStack.of(name).language();
    } catch (ManyhandsException e) {
      throw config.invalid(key, name, "a language, such as node");
    }
  }

  private static URI uri(PluginConfig config, String value) {
    try {
      URI uri = new URI(value);
      if (uri.getHost() != null && uri.getPort() > 0) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // said below
    }
    throw config.invalid("advertise", value, "a URI with host and port");
  }
}
