/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.transport.grpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.manyhands.spi.transport.HostMessage;
import io.manyhands.spi.transport.WorkerMessage;
import io.manyhands.transport.grpc.protocol.link.Acknowledgement;
import io.manyhands.transport.grpc.protocol.link.CodePackage;
import io.manyhands.transport.grpc.protocol.link.Credential;
import io.manyhands.transport.grpc.protocol.link.Farewell;
import io.manyhands.transport.grpc.protocol.link.Hello;
import io.manyhands.transport.grpc.protocol.link.PackageState;
import io.manyhands.transport.grpc.protocol.link.Refusal;
import io.manyhands.transport.grpc.protocol.link.Resources;
import io.manyhands.transport.grpc.protocol.link.Resume;
import io.manyhands.transport.grpc.protocol.link.RuntimeFrame;
import io.manyhands.transport.grpc.protocol.link.Welcome;
import io.manyhands.transport.grpc.protocol.link.WorkerExit;
import io.manyhands.transport.grpc.protocol.link.WorkerFrame;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/** Our own service: the public protocol's messages in frames, beside frames of ours. */
final class WorkerLinkFormat implements StreamFormat {
  private static final Set<Class<? extends HostMessage>> OURS =
      Set.of(
          HostMessage.LinkWelcome.class,
          HostMessage.LinkRefusal.class,
          HostMessage.LinkCredential.class,
          HostMessage.LinkAcknowledgement.class,
          HostMessage.LinkFarewell.class,
          HostMessage.LinkPackage.class);

  /** How a frame with a message of the public protocol begins. */
  private static final int MESSAGE =
      WorkerFrame.MESSAGE_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;

  @Override
  public boolean extended() {
    return true;
  }

  @Override
  public boolean supports(Class<? extends HostMessage> kind) {
    return OURS.contains(kind) || HostMessageEncoder.supports(kind);
  }

  @Override
  public WireMessage encode(HostMessage message) {
    return message instanceof HostMessage.InvocationRequest request
        ? InvocationWriter.writeWithin(RuntimeFrame.MESSAGE_FIELD_NUMBER, request)
        : WireMessage.of(frame(message));
  }

  private static RuntimeFrame frame(HostMessage message) {
    RuntimeFrame.Builder frame = RuntimeFrame.newBuilder();
    if (message instanceof HostMessage.LinkWelcome welcome) {
      frame.setWelcome(welcome(welcome));
    } else if (message instanceof HostMessage.LinkRefusal refusal) {
      Refusal.Builder builder = Refusal.newBuilder().setReason(refusal.reason());
      refusal
          .retryAfter()
          .ifPresent(
              after -> builder.setRetry(true).setRetryAfter(HostMessageEncoder.duration(after)));
      frame.setRefusal(builder);
    } else if (message instanceof HostMessage.LinkCredential credential) {
      frame.setCredential(
          Credential.newBuilder()
              .setResumeToken(credential.resumeToken())
              .setTenant(credential.assignment().tenant())
              .setApplication(credential.assignment().application())
              .setRevision(credential.assignment().revision()));
    } else if (message instanceof HostMessage.LinkAcknowledgement acknowledgement) {
      frame.setAcknowledgement(Acknowledgement.newBuilder().setAnswers(acknowledgement.answers()));
    } else if (message instanceof HostMessage.LinkFarewell farewell) {
      frame.setFarewell(
          Farewell.newBuilder().setReason(farewell.reason()).setComeBack(farewell.comeBack()));
    } else if (message instanceof HostMessage.LinkPackage code) {
      frame.setCodePackage(
          CodePackage.newBuilder().setUri(code.uri().toString()).setSha256(code.sha256()));
    } else {
      frame.setMessage(HostMessageEncoder.encode(message));
    }
    return frame.build();
  }

  @Override
  public WorkerMessage decode(byte[] bytes) throws IOException {
    CodedInputStream input = CodedInputStream.newInstance(bytes);
    if (input.readTag() == MESSAGE) {
      int length = input.readRawVarint32();
      int at = input.getTotalBytesRead();
      if (length == bytes.length - at) {
        return WorkerMessageDecoder.decode(bytes, at, length);
      }
    }
    return decode(WorkerMessageDecoder.parse(bytes, 0, bytes.length, WorkerFrame.parser()));
  }

  private static WorkerMessage decode(WorkerFrame frame) {
    return switch (frame.getFrameCase()) {
      case MESSAGE -> WorkerMessageDecoder.decode(frame.getMessage());
      case HELLO -> hello(frame.getHello());
      case CONFIRMATION -> new WorkerMessage.LinkConfirmation(frame.getConfirmation().getEpoch());
      case HEARTBEAT ->
          new WorkerMessage.LinkHeartbeat(resources(frame.getHeartbeat().getResources()));
      case WORKER_EXIT -> exit(frame.getWorkerExit());
      case PACKAGE_STATE -> packageState(frame.getPackageState());
      default -> new WorkerMessage.Unknown(frame.getFrameCase().name());
    };
  }

  private static Welcome welcome(HostMessage.LinkWelcome welcome) {
    Welcome.Builder builder =
        Welcome.newBuilder()
            .setWorkerId(welcome.workerId())
            .setEpoch(welcome.epoch())
            .setResumeToken(welcome.resumeToken())
            .setHeartbeatInterval(HostMessageEncoder.duration(welcome.heartbeatInterval()))
            .setResumeGrace(HostMessageEncoder.duration(welcome.resumeGrace()))
            .addAllWanted(welcome.wanted());
    welcome
        .assignment()
        .ifPresent(
            assigned ->
                builder
                    .setTenant(assigned.tenant())
                    .setApplication(assigned.application())
                    .setRevision(assigned.revision()));
    return builder.build();
  }

  private static WorkerMessage hello(Hello hello) {
    return new WorkerMessage.LinkHello(
        hello.getWorkerId(),
        hello.getCredential(),
        hello.getResumable(),
        hello.getLabelsMap(),
        new WorkerMessage.LinkStack(hello.getLanguage(), hello.getVersion()),
        hello.hasResume() ? Optional.of(resume(hello.getResume())) : Optional.empty());
  }

  private static WorkerMessage.LinkResume resume(Resume resume) {
    return new WorkerMessage.LinkResume(
        resume.getToken(),
        resume.getTenant(),
        resume.getApplication(),
        resume.getRevision(),
        resume.getCapabilitiesMap(),
        resume.hasWorkerMetadata()
            ? Optional.of(WorkerMessageDecoder.worker(resume.getWorkerMetadata()))
            : Optional.empty(),
        resume.getFunctionsList().stream().map(WorkerMessageDecoder::function).toList(),
        resume.getRunningList(),
        resume.getAnsweredList());
  }

  private static WorkerMessage.LinkResources resources(Resources resources) {
    return new WorkerMessage.LinkResources(
        resources.getCpuCores(),
        resources.getMemoryBytes(),
        resources.getMemoryLimitBytes(),
        resources.getRunningCalls(),
        resources.getQueuedCalls(),
        resources.getKeptBytes());
  }

  private static WorkerMessage exit(WorkerExit exit) {
    return new WorkerMessage.LinkWorkerExit(
        exit.getExitCode(),
        exit.getSignal(),
        exit.getOutOfMemory(),
        exit.getReason(),
        exit.getLastOutputList());
  }

  private static WorkerMessage.PackageStage stage(PackageState.Stage stage) {
    return switch (stage) {
      case FETCHING -> WorkerMessage.PackageStage.FETCHING;
      case VERIFYING -> WorkerMessage.PackageStage.VERIFYING;
      case READY -> WorkerMessage.PackageStage.READY;
      case FAILED -> WorkerMessage.PackageStage.FAILED;
      case STAGE_UNSPECIFIED, UNRECOGNIZED -> WorkerMessage.PackageStage.UNKNOWN;
    };
  }

  private static WorkerMessage packageState(PackageState state) {
    return new WorkerMessage.LinkPackageState(
        state.getSha256(), stage(state.getStage()), state.getHostJson(), state.getProblem());
  }
}
