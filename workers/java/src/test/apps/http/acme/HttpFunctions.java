/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package acme;

import com.microsoft.azure.functions.HttpMethod;
import com.microsoft.azure.functions.HttpRequestMessage;
import com.microsoft.azure.functions.HttpResponseMessage;
import com.microsoft.azure.functions.HttpStatus;
import com.microsoft.azure.functions.HttpStatusType;
import com.microsoft.azure.functions.OutputBinding;
import com.microsoft.azure.functions.annotation.AuthorizationLevel;
import com.microsoft.azure.functions.annotation.BindingName;
import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.HttpOutput;
import com.microsoft.azure.functions.annotation.HttpTrigger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

public class HttpFunctions {
  public static class Order {
    private String item;
    private int count;
    private List<String> notes;

    private Order(String item, int count) {
      this.item = item;
      this.count = count;
    }
  }

  @FunctionName("echo")
  public HttpResponseMessage echo(
      @HttpTrigger(
              name = "request",
              methods = {HttpMethod.GET, HttpMethod.POST},
              authLevel = AuthorizationLevel.ANONYMOUS,
              route = "echo/{id}")
          HttpRequestMessage<Optional<String>> request) {
    return request
        .createResponseBuilder(HttpStatus.CREATED)
        .header("Content-Type", "text/plain")
        .header("content-type", "text/x-mine")
        .header("X-Method", request.getHttpMethod().name())
        .header("X-Uri", request.getUri().toString())
        .header("X-Query", new TreeMap<>(request.getQueryParameters()).toString())
        .header("X-Said", String.valueOf(request.getHeaders().get("X-Asked")))
        .body(request.getBody().orElse("nothing"))
        .build();
  }

  @FunctionName("bytes")
  public HttpResponseMessage bytes(
      @HttpTrigger(name = "request") HttpRequestMessage<byte[]> request) {
    byte[] body = request.getBody();
    byte[] turned = new byte[body.length];
    for (int index = 0; index < body.length; index++) {
      turned[index] = body[body.length - 1 - index];
    }
    return request.createResponseBuilder(HttpStatusType.custom(299)).body(turned).build();
  }

  @FunctionName("order")
  public HttpResponseMessage order(
      @HttpTrigger(name = "request") HttpRequestMessage<Order> request) {
    Order order = request.getBody();
    order.count++;
    return request.createResponseBuilder(HttpStatus.OK).body(order).build();
  }

  @FunctionName("maybe-order")
  public String maybeOrder(
      @HttpTrigger(name = "request") HttpRequestMessage<Optional<Order>> request) {
    return request.getBody().map(order -> order.item).orElse("no order");
  }

  @FunctionName("orders")
  public List<Order> orders(@HttpTrigger(name = "request") List<Order> orders) {
    return orders.subList(0, 1);
  }

  @FunctionName("text")
  public String text(@HttpTrigger(name = "request") String body) {
    return body + "!";
  }

  @FunctionName("number")
  public int number(@HttpTrigger(name = "request") HttpRequestMessage request) {
    return String.valueOf(request.getBody()).length();
  }

  @FunctionName("nothing")
  public HttpResponseMessage nothing(@HttpTrigger(name = "request") String body) {
    return null;
  }

  @FunctionName("no-content")
  public HttpResponseMessage noContent(
      @HttpTrigger(name = "request") HttpRequestMessage<String> request) {
    return request.createResponseBuilder(HttpStatus.NO_CONTENT).build();
  }

  @FunctionName("own-response")
  public HttpResponseMessage ownResponse(@HttpTrigger(name = "request") String body) {
    return new HttpResponseMessage() {
      @Override
      public HttpStatusType getStatus() {
        return HttpStatus.ACCEPTED;
      }

      @Override
      public String getHeader(String name) {
        return null;
      }

      @Override
      public Object getBody() {
        return "own";
      }
    };
  }

  @FunctionName("by-output")
  public void byOutput(
      @HttpTrigger(name = "request") HttpRequestMessage<Void> request,
      @HttpOutput(name = "response") OutputBinding<HttpResponseMessage> response) {
    response.setValue(request.createResponseBuilder(HttpStatus.GONE).body("gone").build());
  }

  @FunctionName("named")
  public String named(
      @HttpTrigger(name = "request", route = "named/{id}") String body,
      @BindingName("id") int id,
      @BindingName("meta") String meta,
      @BindingName("q") Optional<String> query,
      @BindingName("x-asked") String header,
      @BindingName("item") String item,
      @BindingName("absent") String absent,
      @BindingName("absent") Optional<Integer> absentNumber) {
    return id + "," + meta + "," + query + "," + header + "," + item + "," + absent + ","
        + absentNumber;
  }

  @FunctionName("must-have")
  public String mustHave(
      @HttpTrigger(name = "request") String body, @BindingName("count") int count) {
    return "" + count;
  }

  @FunctionName("null-header")
  public HttpResponseMessage nullHeader(
      @HttpTrigger(name = "request") HttpRequestMessage<String> request) {
    return request.createResponseBuilder(HttpStatus.OK).header("X-Null", null).build();
  }

  @FunctionName("endless-json")
  public Map<String, Object> endlessJson(@HttpTrigger(name = "request") String body) {
    Map<String, Object> map = new TreeMap<>();
    map.put("self", map);
    return map;
  }
}
