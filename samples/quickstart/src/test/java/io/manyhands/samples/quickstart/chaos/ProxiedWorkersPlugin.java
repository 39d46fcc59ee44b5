/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.samples.quickstart.chaos;

import io.manyhands.api.Endpoint;
import io.manyhands.api.worker.WorkerId;
import io.manyhands.provisioner.local.LocalProvisionerPlugin;
import io.manyhands.spi.ManyhandsPlugin;
import io.manyhands.spi.PluginConfig;
import io.manyhands.spi.PluginContext;
import io.manyhands.spi.SpiLevel;
import io.manyhands.spi.provision.ProvisionRequest;
import io.manyhands.spi.provision.ProvisionedWorker;
import io.manyhands.spi.provision.ProvisionerListener;
import io.manyhands.spi.provision.StackInfo;
import io.manyhands.spi.provision.WorkerProvisioner;
import io.manyhands.spi.provision.WorkerProvisionerFactory;
import io.manyhands.spi.transport.WorkerConnection;
import io.manyhands.testkit.SocketProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** Local workers, each of which reaches the Runtime through a proxy of its own. */
final class ProxiedWorkersPlugin implements ManyhandsPlugin, AutoCloseable {
  private final Map<WorkerId, SocketProxy> proxies = new ConcurrentHashMap<>();

  SocketProxy proxyOf(WorkerId worker) {
    return proxies.get(worker);
  }

  @Override
  public int spiLevel() {
    return SpiLevel.CURRENT;
  }

  @Override
  public List<WorkerProvisionerFactory> provisioners() {
    WorkerProvisionerFactory local = new LocalProvisionerPlugin().provisioners().get(0);
    return List.of(
        new WorkerProvisionerFactory() {
          @Override
          public String name() {
            return local.name();
          }

          @Override
          public WorkerProvisioner create(PluginConfig config, PluginContext context) {
            return new Proxied(local.create(config, context));
          }
        });
  }

  /** Proxies of workers that have ended are idle; all go together. */
  @Override
  public void close() {
    proxies.values().forEach(SocketProxy::close);
  }

  private final class Proxied implements WorkerProvisioner {
    private final WorkerProvisioner local;

    Proxied(WorkerProvisioner local) {
      this.local = local;
    }

    @Override
    public List<StackInfo> stacks() {
      return local.stacks();
    }

    @Override
    public CompletionStage<Void> start(ProvisionerListener listener) {
      return local.start(listener);
    }

    @Override
    public CompletionStage<ProvisionedWorker> request(ProvisionRequest request) {
      URI runtime = request.endpoint().uri();
      SocketProxy proxy;
      try {
        proxy = new SocketProxy(new InetSocketAddress(runtime.getHost(), runtime.getPort()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      proxies.put(request.id(), proxy);
      URI dialled = URI.create("http://127.0.0.1:" + proxy.address().getPort());
      return local.request(
          new ProvisionRequest(
              request.id(), request.stack(), new Endpoint("grpc", dialled), request.application()));
    }

    @Override
    public CompletionStage<Void> release(WorkerId worker, Duration grace) {
      return local.release(worker, grace);
    }

    /** The Runtime sees the proxy's socket, which is no worker's. */
    @Override
    public boolean isPeerOf(WorkerId worker, WorkerConnection.PeerCredentials peer) {
      return true;
    }

    @Override
    public boolean sharesOneTrustDomain() {
      return local.sharesOneTrustDomain();
    }

    @Override
    public CompletionStage<Void> stop(Duration grace) {
      return local.stop(grace);
    }
  }
}
