/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.support.launch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * An entry of {@code profiles}: where all its conditions hold, its description replaces the base.
 *
 * @param name its {@code profileName}
 * @param conditions all of them must hold; none means never
 * @param description the base description with the profile's keys laid over it
 */
public record WorkerProfile(
    String name, List<Condition> conditions, WorkerDescription description) {

  /** Where a condition takes its value from. */
  public enum Subject {
    /** A variable of the launch environment. */
    ENVIRONMENT,
    /** A property of the host, for instance {@code platform}. */
    HOST_PROPERTY
  }

  /**
   * One condition: the named value exists and the expression is found in it.
   *
   * @param subject where the value comes from
   * @param name the variable's or property's name
   * @param expression searched for, not anchored
   */
  public record Condition(Subject subject, String name, Pattern expression) {
    boolean holds(Map<String, String> environment, Map<String, String> hostProperties) {
      String value = (subject == Subject.ENVIRONMENT ? environment : hostProperties).get(name);
      return value != null && !value.isEmpty() && expression.matcher(value).find();
    }
  }

  public WorkerProfile {
    conditions = List.copyOf(conditions);
  }

  boolean holds(Map<String, String> environment, Map<String, String> hostProperties) {
    return !conditions.isEmpty()
        && conditions.stream().allMatch(c -> c.holds(environment, hostProperties));
  }

  static WorkerProfile read(
      Path file, int index, ObjectNode node, ObjectNode base, List<String> unknownKeys) {
    String prefix = "profiles[" + index + "].";
    StrictJson json = new StrictJson(file, prefix, node);
    String name = Objects.requireNonNullElse(json.text("profileName"), "profile " + index);
    List<Condition> conditions = new ArrayList<>();
    int number = 0;
    for (ObjectNode condition : json.objects("conditions")) {
      conditions.add(
          condition(file, prefix + "conditions[" + number++ + "].", condition, unknownKeys));
    }
    ObjectNode overlay = json.object("description");
    unknownKeys.addAll(json.unknownKeys());
    return new WorkerProfile(
        name,
        conditions,
        WorkerDescription.read(
            file,
            prefix + "description.",
            overlay == null ? base : overlaid(base, overlay),
            new ArrayList<>()));
  }

  private static Condition condition(
      Path file, String prefix, ObjectNode node, List<String> unknownKeys) {
    StrictJson json = new StrictJson(file, prefix, node);
    String type = json.requiredText("conditionType");
    Subject subject;
    if (type.equalsIgnoreCase("environment")) {
      subject = Subject.ENVIRONMENT;
    } else if (type.equalsIgnoreCase("hostProperty")) {
      subject = Subject.HOST_PROPERTY;
    } else {
      throw new LaunchException(
          "%s: key \"%sconditionType\" is \"%s\" (expected: environment or hostProperty)"
              .formatted(file, prefix, type));
    }
    String name = json.requiredText("conditionName");
    json.requiredText("conditionExpression");
    Pattern expression = Objects.requireNonNull(json.pattern("conditionExpression"));
    unknownKeys.addAll(json.unknownKeys());
    return new Condition(subject, name, expression);
  }

  /** A key replaces its namesake whatever its case, because keys are read without regard to it. */
  private static ObjectNode overlaid(ObjectNode base, ObjectNode overlay) {
    ObjectNode result = base.deepCopy();
    for (Map.Entry<String, JsonNode> entry : overlay.properties()) {
      if (entry.getValue().isNull()) {
        continue;
      }
      List<String> namesakes = new ArrayList<>();
      result.fieldNames().forEachRemaining(namesakes::add);
      namesakes.removeIf(field -> !field.equalsIgnoreCase(entry.getKey()));
      result.remove(namesakes);
      result.set(entry.getKey(), entry.getValue());
    }
    return result;
  }
}
