/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.testkit.contract;

/** A mistake of a {@link FlawedProvisioner}, and the test of the contract that must see it. */
enum ProvisionerFlaw {
  NONE(""),
  HAS_NO_STACKS_BEFORE_THE_START("stacksAreKnownBeforeTheStart"),
  ACCEPTS_BEFORE_THE_START("requestBeforeTheStartFailsThroughItsStage"),
  ACCEPTS_ONLY_WHO_CONNECTS("requestIsAcceptedThoughTheWorkerNeverConnects"),
  TELLS_THE_END_BEFORE_ACCEPTANCE("endIsNeverToldBeforeAcceptance"),
  TELLS_THE_END_TWICE("releaseEndsTheWorkerAndItsEndIsToldOnce"),
  TELLS_NO_END_AFTER_RELEASE("releaseEndsTheWorkerAndItsEndIsToldOnce"),
  SECOND_RELEASE_HANGS("twoReleasesAtOnceBothComplete"),
  TELLS_THE_END_OF_STRANGERS("releaseOfAnUnknownWorkerCompletesAndTellsNothing"),
  FORGETS_RELEASES_OF_PENDING_REQUESTS("releaseWhilePendingLeavesNothing"),
  NAMES_NO_STACKS("unknownStackIsRefusedNamingTheKnown"),
  ACCEPTS_AN_ID_TWICE("idThatIsInUseIsRefusedAndItsWorkerGoesOn"),
  LOSES_LAST_WORDS("workerThatDiesBeforeItConnectsIsReportedWithItsLastWords"),
  OVERLOOKS_DEATH("workerThatIsKilledIsReported"),
  LEAVES_ORPHANS("whatAnEarlierRuntimeLeftAndCannotComeBackIsEnded"),
  ADOPTS_WITHOUT_A_WORD("workerThatCanComeBackIsAdoptedAndHadLikeAnyOther"),
  ENDS_WHAT_IT_TELLS_TO_HAVE_ADOPTED("workerThatCanComeBackIsAdoptedAndHadLikeAnyOther"),
  OVERLOOKS_DEATH_OF_THE_ADOPTED("workerThatCanComeBackIsAdoptedAndHadLikeAnyOther"),
  STOP_LEAVES_THE_ADOPTED("workerThatCanComeBackIsAdoptedAndHadLikeAnyOther"),
  FORGETS_THE_ADOPTED("adoptedWorkerIsAdoptedAgainAfterTheNextCrash"),
  CANNOT_BE_FOLLOWED("aStoppedProvisionerOfTheSameIdentityCanFollowAnother"),
  STOP_LEAVES_WORKERS("stopEndsEverything"),
  ACCEPTS_AFTER_THE_STOP("stopEndsEverything"),
  STOP_WITHOUT_START_HANGS("stopWithoutStartCompletes"),
  LISTENER_FAILURE_STOPS_IT("listenerThatThrowsDoesNoHarm"),
  LOSES_REQUESTS_IN_A_CROWD("manyRequestsAtOnceAreAllServed"),
  SWALLOWS_THE_PLATFORMS_WORDS("refusalIsToldInThePlatformsOwnWordsAndLeavesNothing"),
  FORGETS_WHEN_TO_COME_AGAIN("busyPlatformIsReportedWithItsTimeToComeAgain"),
  GIVES_UP_AT_A_CONFLICT("conflictIsTriedAgain"),
  BELIEVES_A_BROKEN_ANSWER("whatABrokenAnswerHidIsNotLeftBehind"),
  TRUSTS_ITS_WATCH("watchThatDiesSilentlyIsFoundOut"),
  USES_FORCE_AT_ONCE("releaseAsksFirst"),
  TELLS_DEATH_AND_RELEASE("workerThatDiesWhileItIsReleasedIsToldOnce"),
  FORGETS_WHAT_WAS_CANCELLED("cancelledStageOfARequestIsTakenBackByItsRelease"),
  FORGETS_ITS_CAPACITY("workerBeyondTheCapacityIsRefusedAndTheOthersAreNot"),
  EXCEEDS_ITS_PERMITS("manyRequestsAtOnceAreAllServed"),
  ANNOUNCES_GUESSABLE_IDS("workersOfOthersAreAnnouncedOnlyWhereThatIsSupported");

  private final String seenBy;

  ProvisionerFlaw(String seenBy) {
    this.seenBy = seenBy;
  }

  String seenBy() {
    return seenBy;
  }
}
