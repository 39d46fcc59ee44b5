/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.worker.java;

import io.manyhands.transport.grpc.protocol.TypedData;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** The elements of a collection, each as data of its own. */
final class TypedElements {
  private TypedElements() {}

  /** Empty where the data is no collection. */
  static Optional<List<TypedData>> of(TypedData data) {
    return switch (data.getDataCase()) {
      case COLLECTION_BYTES ->
          each(data.getCollectionBytes().getBytesList(), TypedData.Builder::setBytes);
      case COLLECTION_STRING ->
          each(data.getCollectionString().getStringList(), TypedData.Builder::setString);
      case COLLECTION_DOUBLE ->
          each(data.getCollectionDouble().getDoubleList(), TypedData.Builder::setDouble);
      case COLLECTION_SINT64 ->
          each(data.getCollectionSint64().getSint64List(), TypedData.Builder::setInt);
      case COLLECTION_MODEL_BINDING_DATA ->
          each(
              data.getCollectionModelBindingData().getModelBindingDataList(),
              TypedData.Builder::setModelBindingData);
      default -> Optional.empty();
    };
  }

  private static <T> Optional<List<TypedData>> each(
      List<T> values, BiConsumer<TypedData.Builder, T> set) {
    return Optional.of(
        values.stream()
            .map(
                value -> {
                  TypedData.Builder element = TypedData.newBuilder();
                  set.accept(element, value);
                  return element.build();
                })
            .toList());
  }
}
