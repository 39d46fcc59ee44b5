/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.functions;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.api.app.AppRevision;
import io.manyhands.api.app.ApplicationContent;
import io.manyhands.api.app.ApplicationDefinition;
import io.manyhands.api.app.Binding;
import io.manyhands.api.app.FunctionDefinition;
import io.manyhands.api.app.FunctionInfo;
import io.manyhands.core.session.AppCode;
import io.manyhands.core.session.CatalogueFunction;
import io.manyhands.core.session.CodePackage;
import io.manyhands.core.session.SpecializationTarget;
import io.manyhands.support.appfiles.AppDirectory;
import io.manyhands.support.appfiles.AppFileException;
import io.manyhands.support.appfiles.FunctionJson;
import io.manyhands.support.appfiles.HostJson;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Reads an application's files and works out its revision, catalogue and environment. Blocks. */
public final class AppPreparation {
  private static final String OFFICIAL_JAVA = "java";

  private final Duration defaultTimeout;
  private final byte[] settingsKey;

  /**
   * @param defaultTimeout where host.json is silent
   * @param settingsKey keys the hash of settings, so that a revision gives nothing of a secret away
   */
  public AppPreparation(Duration defaultTimeout, byte[] settingsKey) {
    this.defaultTimeout = defaultTimeout;
    this.settingsKey = settingsKey.clone();
  }

  public PreparedApp prepare(ApplicationDefinition definition) {
    try {
      return read(definition);
    } catch (AppFileException e) {
      throw unusable(definition, e);
    }
  }

  private PreparedApp read(ApplicationDefinition definition) {
    ApplicationContent content = definition.content();
    if (content instanceof ApplicationContent.Directory directory) {
      Path path = directory.path();
      String hash = AppDirectory.hash(path);
      AppDirectory found = AppDirectory.scan(path);
      List<CatalogueFunction> catalogue =
          found.functions().stream().map(function -> catalogued(definition, function)).toList();
      List<FunctionInfo> broken = new ArrayList<>();
      found.problems().forEach((name, problem) -> broken.add(broken(name, problem)));
      boolean described = !catalogue.isEmpty() || !broken.isEmpty();
      return prepared(
          definition,
          HostJson.read(path),
          hash,
          AppCode.at(path.toString()),
          described ? Optional.of(catalogue) : Optional.empty(),
          broken);
    }
    if (content instanceof ApplicationContent.Inline inline) {
      List<CatalogueFunction> catalogue =
          inline.functions().stream()
              .map(
                  function ->
                      new CatalogueFunction(function.name(), function, false, Optional.empty()))
              .toList();
      return prepared(
          definition,
          HostJson.parse(inline.hostJson(), "host.json of application " + definition.id()),
          inline.functions() + inline.hostJson(),
          AppCode.at(""),
          catalogue.isEmpty() ? Optional.empty() : Optional.of(catalogue),
          List.of());
    }
    if (content instanceof ApplicationContent.Package archive) {
      return prepared(
          definition,
          HostJson.parse("", "no host.json"),
          archive.sha256(),
          AppCode.of(new CodePackage(archive)),
          Optional.empty(),
          List.of());
    }
    throw new IllegalStateException("content of an unknown kind: " + content);
  }

  private PreparedApp prepared(
      ApplicationDefinition definition,
      HostJson host,
      String contentHash,
      AppCode code,
      Optional<List<CatalogueFunction>> catalogue,
      List<FunctionInfo> broken) {
    if (catalogue.isEmpty()
        && code.archive().isEmpty()
        && definition.stack().language().equals(OFFICIAL_JAVA)) {
      // It dies of the question for its functions (docs/protocol.md, P-JAVA-2).
      throw new ManyhandsException(
          ErrorCode.INVALID_ARGUMENT,
          "application "
              + definition.id()
              + ": stack java does not index, and no folder holds a function.json (expected: one"
              + " for each function)");
    }
    int slots = AppEnvironment.slots(definition);
    SpecializationTarget target =
        new SpecializationTarget(
            definition.id(),
            definition.tenant(),
            revision(definition, contentHash),
            code,
            AppEnvironment.of(definition, code.directory(), slots),
            catalogue,
            slots);
    return new PreparedApp(definition, target, timeout(host), host.extensions(), broken);
  }

  /**
   * The same with a host.json that came with its package.
   *
   * @throws ManyhandsException where that is malformed
   */
  public PreparedApp withHostJson(PreparedApp app, String text) {
    try {
      HostJson host = HostJson.parse(text, "host.json of its package");
      return new PreparedApp(
          app.definition(), app.target(), timeout(host), host.extensions(), app.broken());
    } catch (AppFileException e) {
      throw unusable(app.definition(), e);
    }
  }

  private Optional<Duration> timeout(HostJson host) {
    return host.unlimited()
        ? Optional.empty()
        : Optional.of(host.functionTimeout().orElse(defaultTimeout));
  }

  private static ManyhandsException unusable(
      ApplicationDefinition definition, AppFileException why) {
    return new ManyhandsException(
        ErrorCode.INVALID_ARGUMENT,
        "application " + definition.id() + ": " + why.getMessage(),
        why);
  }

  private AppRevision revision(ApplicationDefinition definition, String contentHash) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      update(digest, contentHash);
      update(digest, definition.stack().language());
      update(digest, definition.stack().version());
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(settingsKey, "HmacSHA256"));
      for (Map.Entry<String, String> setting : definition.settings().entrySet()) {
        update(digest, setting.getKey());
        digest.update(mac.doFinal(setting.getValue().getBytes(StandardCharsets.UTF_8)));
      }
      return new AppRevision(HexFormat.of().formatHex(digest.digest()));
    } catch (GeneralSecurityException e) {
      throw new ManyhandsException(
          ErrorCode.INTERNAL,
          "application " + definition.id() + ": its revision cannot be computed",
          e);
    }
  }

  private static void update(MessageDigest digest, String part) {
    byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
    digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
    digest.update(bytes);
  }

  private static CatalogueFunction catalogued(
      ApplicationDefinition definition, FunctionJson function) {
    List<Binding> bindings =
        function.bindings().stream()
            .map(
                entry ->
                    new Binding(
                        entry.name(),
                        entry.type(),
                        Binding.Direction.valueOf(entry.direction().toUpperCase(Locale.ROOT)),
                        entry.attributes(),
                        entry.json()))
            .toList();
    FunctionDefinition described =
        new FunctionDefinition(
            function.name(),
            function.directory().toString(),
            function.scriptFile(),
            function.entryPoint(),
            definition.stack().language(),
            bindings,
            Map.of(),
            function.retry());
    return new CatalogueFunction(function.name(), described, false, Optional.empty());
  }

  private static FunctionInfo broken(String name, String problem) {
    return new FunctionInfo(
        new FunctionDefinition(name, "", "", "", "", List.of(), Map.of()), Optional.of(problem));
  }
}
