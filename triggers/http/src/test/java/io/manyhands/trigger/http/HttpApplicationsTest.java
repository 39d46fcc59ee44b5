/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.trigger.http;

import static io.manyhands.trigger.http.HttpFixture.function;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.manyhands.api.app.JobHostState;
import io.manyhands.api.invocation.Payload;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which application a request is for, and what they do to each other: nothing. */
class HttpApplicationsTest {
  private HttpFixture http = new HttpFixture(Map.of("domain", "Example.com"));

  @AfterEach
  void close() throws IOException {
    http.close();
  }

  @ParameterizedTest
  @CsvSource({
    "x, /apps/shop/api/hello, shop",
    "x, /apps/other/api/hello, other",
    "shop.example.com, /api/hello, shop",
    "SHOP.Example.COM:8080, /api/hello, shop",
    "other.example.com, /api/hello, other",
    "shop.example.com, /apps/other/api/hello, ''",
    "www.acme.org, /api/hello, other",
    "WWW.ACME.ORG:80, /api/hello, other",
    "nobody.example.com, /api/hello, ''",
    "a.shop.example.com, /api/hello, ''",
    "example.com, /api/hello, ''",
    "example.com, /apps/shop/api/hello, shop",
    "x, /Apps/shop/api/hello, ''",
    "x, /apps/SHOP/api/hello, ''",
    "x, /apps/shop, ''",
    "x, /apps, ''",
    "x, /apps/, ''",
  })
  void hostNameOrPathSaysWhichApplication(String host, String target, String application)
      throws IOException {
    deploy("shop");
    http.app("other", definition -> definition.hosts("www.acme.org"))
        .run(function("hello"))
        .sink
        .answering(Payload.text("other"));

    RawClient.Answer answer = http.get(target, "Host: " + host);

    assertThat(answer.status()).isEqualTo(application.isEmpty() ? 404 : 200);
    if (!application.isEmpty()) {
      assertThat(answer.text()).isEqualTo(application);
    }
  }

  @Test
  void hostNameOfAnotherApplicationIsRefusedNamingBothAndTheOtherServesOn() throws IOException {
    http.app("shop", definition -> definition.hosts("www.acme.org"))
        .run(function("hello"))
        .sink
        .answering(Payload.text("shop"));
    HttpFixture.App thief = http.app("thief", definition -> definition.hosts("www.acme.org"));

    assertThatThrownBy(() -> thief.prepare(function("hello")))
        .hasMessageContaining(
            "application thief: host name www.acme.org belongs to application shop")
        .hasMessageContaining("expected: one that is free");
    thief.listener.onState(JobHostState.FAILED);

    assertThat(http.get("/api/hello", "Host: www.acme.org").text()).isEqualTo("shop");
    assertThat(http.get("/apps/thief/api/hello").status()).isEqualTo(503);
  }

  @Test
  void hostNamesChangeWhileTheApplicationRunsAndARefusedChangeChangesNothing() throws IOException {
    HttpFixture.App shop = deploy("shop");
    http.app("other", definition -> definition.hosts("taken.org")).run(function("hello"));
    shop.change(definition -> definition.hosts("one.org"));
    assertThat(http.get("/api/hello", "Host: one.org").text()).isEqualTo("shop");

    shop.change(definition -> definition.hosts("two.org"));
    assertThat(http.get("/api/hello", "Host: one.org").status()).isEqualTo(404);
    assertThat(http.get("/api/hello", "Host: two.org").text()).isEqualTo("shop");

    assertThatThrownBy(() -> shop.change(definition -> definition.hosts("taken.org")))
        .hasMessageContaining("taken.org");
    assertThat(http.get("/api/hello", "Host: two.org").text()).isEqualTo("shop");
  }

  @Test
  void hostNameIsFreeOnceItsApplicationIsGone() throws IOException {
    HttpFixture.App shop = deploy("shop");
    shop.change(definition -> definition.hosts("one.org"));
    shop.listener.onState(JobHostState.DRAINING);
    shop.listener.onState(JobHostState.STOPPED);
    assertThat(http.get("/apps/shop/api/hello").status()).isEqualTo(404);

    http.app("next", definition -> definition.hosts("one.org"))
        .run(function("hello"))
        .sink
        .answering(Payload.text("next"));

    assertThat(http.get("/api/hello", "Host: one.org").text()).isEqualTo("next");
  }

  @Test
  void nextRevisionTakesOverWithoutAGap() throws Exception {
    HttpFixture.App first = deploy("shop");
    AtomicBoolean stop = new AtomicBoolean();
    AtomicBoolean good = new AtomicBoolean(true);
    Thread caller =
        new Thread(
            () -> {
              try (RawClient client = new RawClient(http.port)) {
                while (!stop.get()) {
                  client.head("GET /apps/shop/api/hello HTTP/1.1", "Host: x");
                  good.compareAndSet(true, client.answer().status() == 200);
                }
              } catch (IOException e) {
                good.set(false);
              }
            });
    caller.start();
    HttpFixture.App last = first;
    for (int times = 0; times < 50; times++) {
      HttpFixture.App next = http.app("shop");
      next.sink.answering(Payload.text("shop"));
      next.prepare(function("hello"));
      int before = last.sink.submissions().size();
      HttpFixture.App serving = last;
      HttpFixture.await("served", () -> serving.sink.submissions().size() > before);
      next.listener.onState(JobHostState.RUNNING);
      last.listener.onState(JobHostState.STOPPED);
      last.listener.stop();
      last = next;
    }
    stop.set(true);
    caller.join(30_000);

    assertThat(good).isTrue();
  }

  @Test
  void routesOfTheNextRevisionCountOnceItRuns() throws IOException {
    deploy("shop");
    HttpFixture.App next = http.app("shop");
    next.sink.answering(Payload.text("next"));
    next.prepare(function("fresh"));
    assertThat(http.get("/apps/shop/api/fresh").status()).isEqualTo(404);
    assertThat(http.get("/apps/shop/api/hello").status()).isEqualTo(200);

    next.listener.onState(JobHostState.RUNNING);

    assertThat(http.get("/apps/shop/api/fresh").text()).isEqualTo("next");
    assertThat(http.get("/apps/shop/api/hello").status()).isEqualTo(404);
  }

  @Test
  void whatAProxySaysCountsFromConfiguredProxiesAlone() throws IOException {
    HttpFixture.App shop = deploy("shop");
    String[] forwarded = {
      "Host: inner:1",
      "X-Forwarded-Host: evil.org, shop.example.com:8443",
      "X-Forwarded-Proto: https",
      "X-Forwarded-For: 1.2.3.4",
      "Forwarded: for=1.2.3.4"
    };

    assertThat(http.get("/api/hello", forwarded).status()).isEqualTo(404);
    http.get("/apps/shop/api/hello", forwarded);

    Payload.HttpRequest untrusted = request(shop, 0);
    assertThat(untrusted.url()).isEqualTo("http://inner:1/apps/shop/api/hello");
    assertThat(untrusted.headers().keySet())
        .noneMatch(name -> name.startsWith("x-forwarded") || name.equals("forwarded"));
    http.close();
    http =
        new HttpFixture(
            Map.of("domain", "example.com", "trustedProxies", "10.0.0.0/8, 127.0.0.1, ::1"));
    shop = deploy("shop");

    assertThat(http.get("/api/hello?x=1", forwarded).text()).isEqualTo("shop");

    assertThat(request(shop, 0).url()).isEqualTo("https://shop.example.com:8443/api/hello?x=1");
    assertThat(request(shop, 0).headers())
        .containsEntry("x-forwarded-for", "1.2.3.4")
        .containsEntry("forwarded", "for=1.2.3.4");
  }

  @ParameterizedTest
  @CsvSource({
    "X-Forwarded-Host: sh op.example.com",
    "X-Forwarded-Host: shop.example.com/path",
    "X-Forwarded-Host: user@shop.example.com",
    "X-Forwarded-Proto: javascript",
    "X-Forwarded-Proto: https://",
  })
  void nonsenseOfAProxyDoesNotCount(String header) throws IOException {
    http.close();
    http = new HttpFixture(Map.of("domain", "example.com", "trustedProxies", "127.0.0.1"));
    HttpFixture.App shop = deploy("shop");

    http.get("/apps/shop/api/hello", "Host: x", header);

    assertThat(request(shop, 0).url()).isEqualTo("http://x/apps/shop/api/hello");
  }

  @Test
  void neighbourThatHangsOrFailsDisturbsNobody() throws IOException {
    deploy("shop");
    HttpFixture.App hanging = http.app("hanging").run(function("hello"));
    for (int call = 0; call < 50; call++) {
      http.connect().head("GET /apps/hanging/api/hello HTTP/1.1", "Host: x");
    }
    HttpFixture.await("all hang", () -> hanging.sink.open().size() == 50);
    HttpFixture.App throwing = http.app("throwing").run(function("hello"));
    throwing.sink.answering(
        submission -> {
          throw new IllegalStateException("planted");
        });

    RawClient.Answer broken = http.get("/apps/throwing/api/hello");

    assertThat(broken.status()).isEqualTo(500);
    assertThat(broken.text()).doesNotContain("planted");
    assertThat(http.get("/apps/shop/api/hello").text()).isEqualTo("shop");
  }

  private HttpFixture.App deploy(String id) {
    HttpFixture.App app = http.app(id).run(function("hello"));
    app.sink.answering(Payload.text(id));
    return app;
  }

  private static Payload.HttpRequest request(HttpFixture.App app, int index) {
    return (Payload.HttpRequest) app.sink.submissions().get(index).invocation().payload();
  }
}
