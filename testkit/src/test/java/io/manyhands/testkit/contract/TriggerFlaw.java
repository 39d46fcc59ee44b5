/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.contract;

/** A mistake of a {@link FlawedTrigger}, and the test of the contract that must see it. */
enum TriggerFlaw {
  NONE(""),
  KNOWS_NO_TYPES_BEFORE_THE_START("typesAreKnownBeforeTheStartAndStay"),
  NAMES_NO_ENDPOINT("startNamesWhereItListens"),
  SHARES_A_TAKEN_ADDRESS("addressThatIsTakenFailsTheStartNamingItAndItsOwnerGoesOn"),
  NAMES_NOT_WHAT_IS_TAKEN("addressThatIsTakenFailsTheStartNamingItAndItsOwnerGoesOn"),
  KEEPS_ITS_ADDRESS("stopFreesWhatTheStartOpened"),
  STOP_WITHOUT_START_HANGS("stopCompletesWithoutAStartAndAgain"),
  STOP_WAITS_FOR_CALLS("stopCompletesThoughACallIsNeverAnsweredAndALateAnswerDoesNoHarm"),
  SUBMITS_AFTER_THE_STOP("nothingIsSubmittedAfterTheStop"),
  SUBMITS_TWICE("eventIsOneInvocationOfItsFunction"),
  CLAIMS_THAT_ITS_SOURCE_RETRIES("deliverySaysWhatStandsBehindIt"),
  LOSES_EVENTS_IN_A_CROWD("manyEventsAreAsManyInvocations"),
  ENDS_AT_A_FAILURE("invocationsThatFailEndNothing"),
  FORGETS_EARLY_LISTENERS("listenerThatIsMadeBeforeTheStartIsServedAfterIt"),
  SUBMITS_WHILE_INDEXING("nothingIsSubmittedBeforeTheApplicationRuns"),
  SUBMITS_WHILE_DRAINING("nothingIsSubmittedOnceTheApplicationDrains"),
  SUBMITS_TO_THE_STOPPED("nothingIsSubmittedOnceTheApplicationIsStopped"),
  SUBMITS_TO_THE_FAILED("applicationThatFailedIsNeverCalledAndItsNeighbourIs"),
  LISTENER_STOP_WAITS_FOR_NOBODY("stopOfAListenerCompletesWhenItsCallsAreAnswered"),
  LISTENER_STOP_HANGS_BEFORE_IT_RUNS("stopOfAListenerCompletesInEveryState"),
  STOPPED_LISTENER_GOES_ON("stopOfAListenerCompletesInEveryState"),
  NEXT_REVISION_WAITS_FOR_THE_END("nextRevisionTakesOverTheMomentItRuns"),
  CALLS_BOTH_REVISIONS("nextRevisionTakesOverTheMomentItRuns"),
  END_OF_THE_OLD_ENDS_THE_NEXT("nextRevisionTakesOverTheMomentItRuns"),
  FAILED_REVISION_ENDS_THE_OLD("nextRevisionThatFailsLeavesTheOneBefore"),
  KNOWS_AN_APPLICATION_ONCE("applicationMayComeAgain"),
  CHANGE_ENDS_IT("changeOfTheApplicationLosesNothing"),
  REFUSES_ALL_FOR_ONE("unsoundFunctionIsNamedWithItsProblemAndFailsAlone"),
  RUNS_THE_UNSOUND("unsoundFunctionIsNamedWithItsProblemAndFailsAlone"),
  SAYS_NOT_WHAT_IS_EXPECTED("unsoundFunctionIsNamedWithItsProblemAndFailsAlone"),
  TAKES_CONFLICTS("functionsThatExcludeOneAnotherAreRefusedNamingBoth"),
  NAMES_ONE_OF_TWO("functionsThatExcludeOneAnotherAreRefusedNamingBoth"),
  CONFUSES_APPLICATIONS("applicationsOfOneTriggerDoNotMeet");

  private final String seenBy;

  TriggerFlaw(String seenBy) {
    this.seenBy = seenBy;
  }

  String seenBy() {
    return seenBy;
  }
}
