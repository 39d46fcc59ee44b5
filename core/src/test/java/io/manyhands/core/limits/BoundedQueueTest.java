/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BoundedQueueTest {
  @Test
  void entriesOverTheBoundAreRefused() {
    BoundedQueue<String> queue = new BoundedQueue<>(2, 100);

    assertThat(queue.offer("a", 1)).isTrue();
    assertThat(queue.offer("b", 1)).isTrue();
    assertThat(queue.offer("c", 1)).isFalse();
  }

  @Test
  void bytesOverTheBoundAreRefusedButOneEntryIsAlwaysTaken() {
    BoundedQueue<String> queue = new BoundedQueue<>(10, 100);

    assertThat(queue.offer("huge", 1000)).isTrue();
    assertThat(queue.offer("small", 1)).isFalse();
    queue.poll();
    assertThat(queue.offer("small", 1)).isTrue();
  }

  @Test
  void anEntryPutBackIsTheNext() {
    BoundedQueue<String> queue = new BoundedQueue<>(10, 100);
    queue.offer("a", 1);
    queue.offer("b", 1);
    String first = queue.poll();
    queue.putBack(first, 1);

    assertThat(queue.poll()).isEqualTo("a");
    assertThat(queue.poll()).isEqualTo("b");
    assertThat(queue.poll()).isNull();
  }

  @Test
  void removalFreesItsRoom() {
    BoundedQueue<String> queue = new BoundedQueue<>(1, 100);
    queue.offer("a", 1);

    assertThat(queue.remove("a")).isTrue();
    assertThat(queue.remove("a")).isFalse();
    assertThat(queue.size()).isZero();
    assertThat(queue.offer("b", 1)).isTrue();
  }

  /** Against a list, in which every place is plain. */
  @Test
  void orderHoldsThroughEveryMixOfOperations() {
    Random random = new Random(7);
    BoundedQueue<Integer> queue = new BoundedQueue<>(20, 1000);
    List<Integer> model = new ArrayList<>();
    int next = 0;
    for (int step = 0; step < 20_000; step++) {
      switch (random.nextInt(5)) {
        case 0, 1 -> {
          if (queue.offer(next, 1)) {
            model.add(next);
          }
          next++;
        }
        case 2 -> assertThat(queue.poll()).isEqualTo(model.isEmpty() ? null : model.remove(0));
        case 3 -> {
          Integer polled = queue.poll();
          if (polled != null) {
            queue.putBack(polled, 1);
          }
        }
        default -> {
          Integer any = random.nextInt(Math.max(1, next));
          assertThat(queue.remove(any)).isEqualTo(model.remove(any));
        }
      }
      assertThat(queue.size()).isEqualTo(model.size());
    }
    assertThat(queue.drain()).isEqualTo(model);
    assertThat(queue.poll()).isNull();
  }
}
