/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.jobhost;

import static org.assertj.core.api.Assertions.assertThat;

import io.manyhands.api.app.AccessKeyManager.KeyId;
import io.manyhands.api.app.AccessKeys;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.api.invocation.Payload;
import io.manyhands.testkit.InMemoryRuntime;
import io.manyhands.testkit.WorkerScript.Reply;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Keys that the Runtime makes, on their way to the triggers of a running application. */
final class MadeKeysTest {
  private static final ApplicationId SHOP = ApplicationId.of("shop");
  private static final Duration SOON = Duration.ofSeconds(1);

  private final InMemoryRuntime world = InMemoryRuntime.start(options -> options);

  @AfterEach
  void end() {
    world.close();
  }

  @Test
  void triggersHaveTheNewKeyWhenItsRotationCompletesAndNotTheOneBefore() {
    deploy();
    String before = atTheTrigger().host().get("default");
    assertThat(before).isNotEmpty();
    assertThat(atTheTrigger().host()).containsKey(AccessKeys.MASTER);

    String after =
        world.await(world.runtime().accessKeys().rotate(SHOP, KeyId.host("default")), SOON);

    assertThat(after).isNotEqualTo(before);
    assertThat(atTheTrigger().host()).containsEntry("default", after);
    assertThat(world.runtime().accessKeys().keys(SHOP)).isEqualTo(atTheTrigger());
  }

  @Test
  void removedKeyIsGoneFromTheTriggers() {
    deploy();
    String unused =
        world.await(world.runtime().accessKeys().rotate(SHOP, KeyId.function("hello", "a")), SOON);
    assertThat(atTheTrigger().function()).containsKey("hello");

    assertThat(
            world.await(
                world.runtime().accessKeys().remove(SHOP, KeyId.function("hello", "a")), SOON))
        .isTrue();
    assertThat(atTheTrigger().function()).isEmpty();
  }

  @Test
  void keyOfAnApplicationThatIsNotThereIsKeptForItsStart() {
    String early = world.await(world.runtime().accessKeys().rotate(SHOP, KeyId.host("ci")), SOON);
    deploy();
    assertThat(atTheTrigger().host()).containsEntry("ci", early);
  }

  private void deploy() {
    world.script().function("hello", request -> Reply.succeed(Payload.text("hi")));
    world.deploy("shop");
  }

  private AccessKeys atTheTrigger() {
    return world.trigger().application("shop").madeKeys();
  }
}
