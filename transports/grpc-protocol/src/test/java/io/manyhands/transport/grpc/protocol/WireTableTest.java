/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.transport.grpc.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Compares what the compiler made of our definition with the table of the public protocol, field by
 * field, in both directions.
 */
class WireTableTest {
  /** The one difference that the wire does not see: these names do not compile as Java. */
  private static final Map<String, String> RENAMED =
      Map.of("RpcDataType.int", "int_x", "RpcDataType.double", "double_x");

  @Test
  void everyMessageFieldAndEnumValueIsThatOfTheTableAndNoOther() throws IOException {
    Set<String> compiled = new TreeSet<>();
    for (FileDescriptor file :
        List.of(
            FunctionRpcProto.getDescriptor(),
            ClaimsIdentityRpcProto.getDescriptor(),
            NullableTypesProto.getDescriptor())) {
      file.getMessageTypes().forEach(message -> rows(file, message, compiled));
      file.getEnumTypes().forEach(type -> rows(file, type, compiled));
    }

    assertThat(compiled).isEqualTo(table());
    assertThat(compiled).hasSizeGreaterThan(200);
  }

  @Test
  void packagesAndServiceAreThoseOfTheProtocol() {
    FileDescriptor file = FunctionRpcProto.getDescriptor();

    assertThat(file.getPackage()).isEqualTo("AzureFunctionsRpcMessages");
    assertThat(ClaimsIdentityRpcProto.getDescriptor().getPackage()).isEmpty();
    assertThat(NullableTypesProto.getDescriptor().getPackage()).isEmpty();
    assertThat(FunctionRpcGrpc.getEventStreamMethod().getFullMethodName())
        .isEqualTo("AzureFunctionsRpcMessages.FunctionRpc/EventStream");
    assertThat(FunctionRpcGrpc.getServiceDescriptor().getMethods()).hasSize(1);
  }

  private static void rows(FileDescriptor file, Descriptor message, Set<String> rows) {
    if (message.getOptions().getMapEntry()) {
      return;
    }
    for (FieldDescriptor field : message.getFields()) {
      String oneof =
          field.getRealContainingOneof() == null ? "" : field.getRealContainingOneof().getName();
      rows.add(
          String.join(
              "|",
              file.getName(),
              "message",
              container(message.getFullName()),
              Integer.toString(field.getNumber()),
              field.getName(),
              type(message, field),
              oneof));
    }
    message.getNestedTypes().forEach(nested -> rows(file, nested, rows));
    message.getEnumTypes().forEach(nested -> rows(file, nested, rows));
  }

  private static void rows(FileDescriptor file, EnumDescriptor type, Set<String> rows) {
    type.getValues()
        .forEach(
            value ->
                rows.add(
                    String.join(
                        "|",
                        file.getName(),
                        "enum",
                        container(type.getFullName()),
                        Integer.toString(value.getNumber()),
                        value.getName(),
                        "",
                        "")));
  }

  private static String type(Descriptor message, FieldDescriptor field) {
    if (field.isMapField()) {
      Descriptor entry = field.getMessageType();
      return "map<"
          + simple(message, entry.findFieldByNumber(1))
          + ", "
          + simple(message, entry.findFieldByNumber(2))
          + ">";
    }
    return (field.isRepeated() ? "repeated " : "") + simple(message, field);
  }

  /**
   * As the table writes types: without our package, without the message that they are nested in.
   */
  private static String simple(Descriptor message, FieldDescriptor field) {
    String full =
        switch (field.getType()) {
          case MESSAGE -> field.getMessageType().getFullName();
          case ENUM -> field.getEnumType().getFullName();
          default -> field.getType().name().toLowerCase(java.util.Locale.ROOT);
        };
    String name = container(full);
    String own = container(message.getFullName()) + ".";
    return name.startsWith(own) ? name.substring(own.length()) : name;
  }

  private static String container(String fullName) {
    return fullName.replaceFirst("^AzureFunctionsRpcMessages\\.", "");
  }

  private static Set<String> table() throws IOException {
    Set<String> rows = new TreeSet<>();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                WireTableTest.class.getResourceAsStream("wire.csv"), StandardCharsets.UTF_8))) {
      reader.readLine();
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        String[] cells = line.split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", -1);
        for (int index = 0; index < cells.length; index++) {
          cells[index] = cells[index].replace("\"", "");
        }
        cells[5] = cells[5].replaceAll("map<(\\w+),\\s*", "map<$1, ");
        cells[4] = RENAMED.getOrDefault(cells[2] + "." + cells[4], cells[4]);
        rows.add(String.join("|", cells));
      }
    }
    return rows;
  }
}
