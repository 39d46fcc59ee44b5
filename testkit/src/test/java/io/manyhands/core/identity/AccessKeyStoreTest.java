/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.manyhands.api.ManyhandsException;
import io.manyhands.api.app.AccessKeyManager.KeyId;
import io.manyhands.api.app.AccessKeys;
import io.manyhands.api.app.ApplicationDefinition;
import io.manyhands.api.app.ApplicationId;
import io.manyhands.testkit.InMemoryRuntime;
import io.manyhands.testkit.VirtualTime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AccessKeyStoreTest {
  private static final ApplicationId SHOP = ApplicationId.of("shop");

  @TempDir Path directory;
  private final VirtualTime time = new VirtualTime(1);
  private final List<ApplicationId> told = new ArrayList<>();
  private AccessKeyStore store;

  @BeforeEach
  void start() {
    store = new AccessKeyStore(KeyFile.in(directory), time.seams().randomness(), Runnable::run);
    store.onChange(
        id -> {
          told.add(id);
          return CompletableFuture.completedFuture(null);
        });
  }

  @Test
  void applicationWithoutKeysIsGivenAHostKeyAndAMasterKeyThatItKeeps() {
    AccessKeys made = store.forStart(application().build());
    assertThat(made.host()).containsOnlyKeys("default", AccessKeys.MASTER);
    assertThat(made.host().values()).doesNotHaveDuplicates().allMatch(key -> key.length() == 43);

    start();
    assertThat(store.forStart(application().build())).isEqualTo(made);
  }

  @Test
  void applicationWithKeysOfItsOwnIsGivenNone() {
    AccessKeys own = new AccessKeys(Map.of("mine", "secret"), Map.of());
    assertThat(store.forStart(application().keys(own).build()).isEmpty()).isTrue();
  }

  @Test
  void rotatedKeyReplacesTheOneBeforeAndOutlivesARestart() {
    String first = store.rotate(SHOP, KeyId.function("Pay", "default")).join();
    String second = store.rotate(SHOP, KeyId.function("pay", "default")).join();
    String host = store.rotate(SHOP, KeyId.host("ci")).join();

    assertThat(first).isNotEqualTo(second);
    start();
    assertThat(store.keys(SHOP).function().get("PAY"))
        .containsExactly(Map.entry("default", second));
    assertThat(store.keys(SHOP).host()).containsExactly(Map.entry("ci", host));
    assertThat(told).containsExactly(SHOP, SHOP, SHOP);
  }

  @Test
  void removedKeyStaysRemoved() {
    String unused = store.rotate(SHOP, KeyId.host("ci")).join();
    assertThat(store.remove(SHOP, KeyId.host("ci")).join()).isTrue();
    assertThat(store.remove(SHOP, KeyId.host("ci")).join()).isFalse();

    start();
    assertThat(store.keys(SHOP).isEmpty()).isTrue();
  }

  @Test
  void keyThatCannotBeKeptIsNotInForceAndARemovedOneIsOutOfForceAllTheSame() throws Exception {
    String before = store.rotate(SHOP, KeyId.host("ci")).join();
    Path draft = Files.createDirectory(directory.resolve("access-keys.new"));
    Path full = Files.writeString(draft.resolve("in-the-way"), "x");

    assertThatThrownBy(() -> store.rotate(SHOP, KeyId.host("ci")).join())
        .hasCauseInstanceOf(ManyhandsException.class);
    assertThat(store.keys(SHOP).host()).containsEntry("ci", before);
    assertThatThrownBy(() -> store.remove(SHOP, KeyId.host("ci")).join())
        .hasMessageContaining("access-keys");
    assertThat(store.keys(SHOP).isEmpty()).isTrue();

    Files.delete(full);
    Files.delete(draft);
    assertThat(store.forget(SHOP).join()).isNull();
    start();
    assertThat(store.count()).isEmpty();
  }

  @Test
  void fileIsItsOwnersAloneAndWhatIsWrongInItIsNotRepeated() throws Exception {
    String unused = store.rotate(SHOP, KeyId.master()).join();
    Path file = directory.resolve("access-keys");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");

    Files.writeString(file, "shop\tHOST\t\tci\tvery-secret\textra\n");
    assertThatThrownBy(this::start)
        .isInstanceOf(ManyhandsException.class)
        .hasMessageContaining(file.toString())
        .hasMessageNotContaining("very-secret");
  }

  @Test
  void nameThatNoKeyCanHaveIsRefused() {
    for (KeyId id :
        List.of(
            KeyId.host("_other"),
            KeyId.host(""),
            KeyId.host("a\tb"),
            KeyId.host("a".repeat(65)),
            KeyId.function("", "default"),
            KeyId.function("a\nb", "default"))) {
      assertThatThrownBy(() -> store.rotate(SHOP, id).join())
          .hasCauseInstanceOf(ManyhandsException.class);
    }
    assertThat(store.count()).isEmpty();
  }

  private static ApplicationDefinition.Builder application() {
    return InMemoryRuntime.application("shop");
  }
}
