/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.manyhands.provisioner.local;

import io.manyhands.api.ErrorCode;
import io.manyhands.api.ManyhandsException;
import io.manyhands.spi.PluginConfig;
import io.manyhands.spi.PluginContext;
import io.manyhands.spi.provision.WorkerProvisioner;
import io.manyhands.spi.provision.WorkerProvisionerFactory;
import io.manyhands.support.launch.LaunchException;
import io.manyhands.support.launch.LaunchSettings;
import io.manyhands.support.launch.WorkersDirectory;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Makes the provisioner of child processes. Options: {@code workersDirectory} (required; several are separated as in PATH), {@code executable.<language>} (instead of
 * the file's {@code defaultExecutablePath}), {@code searchPath} (where programs are looked up; default the Runtime's own PATH). Needs the Runtime's {@code
 * stateDirectory} for its ledger and the workers' private directories.
 */
final class LocalProvisionerFactory implements WorkerProvisionerFactory {
  private static final String DEFAULT_PATH = "/usr/local/bin:/usr/bin:/bin";

  @Override
  public String name() {
    return "local";
  }

  @Override
  public WorkerProvisioner create(PluginConfig config, PluginContext context) {
    List<Path> directories = new ArrayList<>();
    for (String directory : config.required("workersDirectory").split(File.pathSeparator)) {
      directories.add(Path.of(directory).toAbsolutePath().normalize());
    }
    String inherited = System.getenv("PATH");
    String searchPath = config.text("searchPath", inherited == null ? DEFAULT_PATH : inherited);
    Map<String, String> executables = config.withPrefix("executable.");
    config.finish();
    try {
      WorkersDirectory workers = WorkersDirectory.scan(directories);
      LaunchSettings settings = LaunchSettings.ofPath(searchPath).withExecutables(executables);
      return new LocalProvisioner(workers, settings, searchPath, context.stateDirectory().resolve("local"), context.blockingExecutor());
    } catch (LaunchException e) {
      throw new ManyhandsException(ErrorCode.INVALID_ARGUMENT, "provisioner local: " + e.getMessage(), e);
    }
  }
}
