/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.core.placement;

import io.manyhands.api.app.TenantId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Holds each tenant's applications to their common maximum of workers. What an application waits
 * for is reserved, so that all of a tenant together never ask for more than it may have. On the
 * placement strand.
 */
final class Tenants {
  private final int maximum;
  private final Map<TenantId, Use> uses = new HashMap<>();

  private static final class Use {
    private int workers;
    private int reserved;
    private final TreeSet<Claim> blocked = new TreeSet<>(Claim.ORDER);
    private final Givers givers = new Givers();

    boolean isUnused() {
      return workers == 0 && reserved == 0 && blocked.isEmpty() && givers.isEmpty();
    }
  }

  Tenants(int maximum) {
    this.maximum = maximum;
  }

  int maximum() {
    return maximum;
  }

  /** Workers that the tenant's applications may have beyond those that they have or wait for. */
  int room(TenantId tenant) {
    Use use = uses.get(tenant);
    return use == null ? maximum : maximum - use.workers - use.reserved;
  }

  void count(TenantId tenant, int more) {
    Use use = use(tenant);
    use.workers += more;
    drop(tenant, use);
  }

  void reserve(Claim claim) {
    use(claim.application().tenant()).reserved += claim.workers();
  }

  void unreserve(Claim claim) {
    TenantId tenant = claim.application().tenant();
    Use use = use(tenant);
    use.reserved -= claim.workers();
    drop(tenant, use);
  }

  /** Its claim waits until another application of the tenant has a worker less. */
  void block(Claim claim) {
    use(claim.application().tenant()).blocked.add(claim);
  }

  void unblock(Claim claim) {
    TenantId tenant = claim.application().tenant();
    Use use = use(tenant);
    use.blocked.remove(claim);
    drop(tenant, use);
  }

  /** The most urgent of those that can go on now, if any. */
  Optional<AppPlacement> next(TenantId tenant) {
    Use use = uses.get(tenant);
    return use == null || use.blocked.isEmpty() || room(tenant) <= 0
        ? Optional.empty()
        : Optional.of(use.blocked.first().application());
  }

  void file(AppPlacement application) {
    Use use = use(application.tenant());
    use.givers.file(application);
    drop(application.tenant(), use);
  }

  /** Who of the tenant could give a worker away. */
  Optional<Givers> givers(TenantId tenant) {
    return Optional.ofNullable(uses.get(tenant)).map(use -> use.givers);
  }

  private Use use(TenantId tenant) {
    return uses.computeIfAbsent(tenant, key -> new Use());
  }

  private void drop(TenantId tenant, Use use) {
    if (use.isUnused()) {
      uses.remove(tenant);
    }
  }
}
