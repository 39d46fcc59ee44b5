/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.contract;

/** A mistake of a {@link FlawedTransport}, and the test of the contract that must see it. */
enum TransportFlaw {
  NONE(""),
  ENDS_TWICE("endIsToldOnceAndNothingAfterIt"),
  SPEAKS_AFTER_THE_END("endIsToldOnceAndNothingAfterIt"),
  TAKES_MESSAGES_AFTER_THE_END("completedStreamEndsInOrder"),
  CALLS_EVERY_END_ORDERLY("brokenStreamEndsWithoutOrder"),
  BREAKS_WITHOUT_A_WORD("cutConnectionEndsItsStreamAlone"),
  CLOSE_DOES_NOTHING("closeSendsWhatWasAcceptedThenEndsTheStream"),
  HAS_NO_BOUND("stalledStreamRefusesCallsKeepsRoomForControlAndTellsWhenThereIsRoom"),
  KEEPS_NO_ROOM_FOR_CONTROL("stalledStreamRefusesCallsKeepsRoomForControlAndTellsWhenThereIsRoom"),
  NEVER_TELLS_OF_ROOM("stalledStreamRefusesCallsKeepsRoomForControlAndTellsWhenThereIsRoom"),
  LOSES_MESSAGES("concurrentSendersKeepTheirOrderAndLoseNothing"),
  SWAPS_MESSAGES("messagesArriveInOrderBothWays"),
  MANGLES_BYTES("payloadsArriveUnchanged"),
  THROWS_ON_UNKNOWN_KINDS("everyKindIsCarriedOrRefusedAsUnsupported"),
  BREAKS_ON_UNKNOWN_MESSAGES("whatTheTransportDoesNotKnowBreaksNothing"),
  SENDS_WHAT_IS_TOO_LARGE("messageThatIsTooLargeFailsAlone"),
  HEARS_WHAT_IS_TOO_LARGE("messageOfAWorkerThatIsTooLargeEndsItsStreamAlone"),
  CALLS_BACK_AT_ONCE("callbacksOfAConnectionComeOneAtATime"),
  LISTENER_FAILURE_SPREADS("listenerThatThrowsBreaksItsOwnStreamAlone"),
  ACCEPTOR_FAILURE_SPREADS("acceptorThatThrowsBreaksThatStreamAlone"),
  STOP_FORGETS_STREAMS("stopEndsEveryStreamAndLeavesNoThread"),
  LISTENS_AFTER_STOP("nobodyIsTakenAfterTheStop"),
  LEAVES_A_THREAD("stopEndsEveryStreamAndLeavesNoThread"),
  KEEPS_ITS_ADDRESS("addressIsFreeAfterTheStop"),
  SHARES_ITS_ADDRESS("addressThatSomebodyHasIsNamed"),
  NAMES_NO_ADDRESS("addressThatSomebodyHasIsNamed"),
  /** Of the harness: a fault that it cannot plant, it leaves out without a word. */
  IGNORES_FAULTS("halfClosedConnectionEndsItsStreamAlone");

  private final String seenBy;

  TransportFlaw(String seenBy) {
    this.seenBy = seenBy;
  }

  String seenBy() {
    return seenBy;
  }
}
