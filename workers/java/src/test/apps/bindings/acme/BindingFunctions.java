/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package acme;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.OutputBinding;
import com.microsoft.azure.functions.annotation.BindingName;
import com.microsoft.azure.functions.annotation.BlobInput;
import com.microsoft.azure.functions.annotation.BlobOutput;
import com.microsoft.azure.functions.annotation.Cardinality;
import com.microsoft.azure.functions.annotation.CustomBinding;
import com.microsoft.azure.functions.annotation.EventHubTrigger;
import com.microsoft.azure.functions.annotation.ExponentialBackoffRetry;
import com.microsoft.azure.functions.annotation.FixedDelayRetry;
import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.QueueOutput;
import com.microsoft.azure.functions.annotation.QueueTrigger;
import com.microsoft.azure.functions.annotation.ServiceBusTopicOutput;
import com.microsoft.azure.functions.annotation.ServiceBusTopicTrigger;
import com.microsoft.azure.functions.annotation.StorageAccount;
import com.microsoft.azure.functions.annotation.TableInput;
import com.microsoft.azure.functions.annotation.TimerTrigger;
import java.io.InputStream;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

public class BindingFunctions {
  enum Colour {
    RED,
    GREEN
  }

  public static class Row {
    String name;
    Colour colour;
  }

  /** As libraries for other bindings define theirs. */
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.PARAMETER)
  @CustomBinding(direction = "in", name = "", type = "sql")
  @interface SqlInput {
    String name();

    String commandText();

    int timeout() default 5;
  }

  @FunctionName("tick")
  @FixedDelayRetry(maxRetryCount = 3, delayInterval = "00:01:05")
  public void tick(@TimerTrigger(name = "timer", schedule = "0 */5 * * * *") String timer) {}

  @FunctionName("relay")
  @StorageAccount("STORE")
  @ExponentialBackoffRetry(
      maxRetryCount = -1,
      minimumInterval = "00:00:01",
      maximumInterval = "1.00:00:00")
  @QueueOutput(name = "any", queueName = "replies")
  public String relay(
      @QueueTrigger(name = "message", queueName = "asks") Row row,
      @BlobInput(name = "blob", path = "in/{name}", connection = "OTHER") byte[] blob,
      @TableInput(name = "rows", tableName = "rows") Row[] rows,
      @SqlInput(name = "sql", commandText = "select 1") String sql,
      @BindingName("name") String name,
      @QueueOutput(name = "copies", queueName = "copies") OutputBinding<List<String>> copies,
      @BlobOutput(name = "file", path = "out/{name}") OutputBinding<byte[]> file,
      @CustomBinding(direction = "out", name = "hub", type = "signalR") OutputBinding<Row> hub,
      @QueueOutput(name = "unset", queueName = "unset") OutputBinding<String> unset,
      ExecutionContext context) {
    copies.setValue(List.of(row.name, row.colour.name()));
    file.setValue(blob);
    hub.setValue(rows[rows.length - 1]);
    return sql + "/" + name + "/" + rows.length + "/" + unset.getValue();
  }

  @FunctionName("texts")
  public String texts(
      @EventHubTrigger(
              name = "events",
              eventHubName = "h",
              connection = "C",
              cardinality = Cardinality.MANY)
          List<String> events) {
    return String.join("+", events);
  }

  @FunctionName("text-array")
  public String textArray(@EventHubTrigger(name = "events", eventHubName = "h", connection = "C") String[] events) {
    return String.join("+", events);
  }

  @FunctionName("rows")
  public String rows(@EventHubTrigger(name = "events", eventHubName = "h", connection = "C") List<Row> rows) {
    List<String> names = new ArrayList<>();
    rows.forEach(row -> names.add(row.name + row.colour));
    return String.join("+", names);
  }

  @FunctionName("byte-arrays")
  public String byteArrays(@EventHubTrigger(name = "events", eventHubName = "h", connection = "C") byte[][] events) {
    return Arrays.deepToString(events);
  }

  @FunctionName("longs")
  public String longs(@EventHubTrigger(name = "events", eventHubName = "h", connection = "C") long[] events) {
    return Arrays.toString(events);
  }

  @FunctionName("doubles")
  public String doubles(@EventHubTrigger(name = "events", eventHubName = "h", connection = "C") Set<Double> events) {
    return new TreeSet<>(events).toString();
  }

  @FunctionName("as-text")
  public String asText(@EventHubTrigger(name = "events", eventHubName = "h", connection = "C") String events) {
    return events;
  }

  @FunctionName("stream")
  public String stream(@QueueTrigger(name = "message", queueName = "q") InputStream stream)
      throws Exception {
    return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
  }

  @FunctionName("colour")
  public Colour colour(@QueueTrigger(name = "message", queueName = "q") Colour colour) {
    return colour;
  }

  @FunctionName("flag")
  public boolean flag(@QueueTrigger(name = "message", queueName = "q") boolean flag) {
    return !flag;
  }

  @FunctionName("small")
  public byte small(@QueueTrigger(name = "message", queueName = "q") byte number) {
    return number;
  }

  @FunctionName("half")
  public double half(@QueueTrigger(name = "message", queueName = "q") Double number) {
    return number / 2;
  }

  @FunctionName("topic")
  @ServiceBusTopicOutput(name = "x", topicName = "t", subscriptionName = "s", connection = "B")
  public String topic(
      @ServiceBusTopicTrigger(
              name = "message",
              topicName = "t",
              subscriptionName = "s",
              connection = "B")
          String message) {
    return message;
  }
}
