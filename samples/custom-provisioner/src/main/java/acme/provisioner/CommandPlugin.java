/*
 * Copyright 2026 The Manyhands Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package acme.provisioner;

import io.manyhands.spi.ManyhandsPlugin;
import io.manyhands.spi.PluginConfig;
import io.manyhands.spi.PluginContext;
import io.manyhands.spi.SpiLevel;
import io.manyhands.spi.provision.WorkerProvisioner;
import io.manyhands.spi.provision.WorkerProvisionerFactory;
import java.util.List;
import java.util.Map;

/**
 * Offers the provisioner {@code command}, which starts workers by command lines of yours: option
 * {@code command.<language>} is one, split at blanks, to which a worker's arguments are appended.
 * Think of {@code ssh}, {@code systemd-run} or a script of your platform.
 */
public final class CommandPlugin implements ManyhandsPlugin {
  @Override
  public int spiLevel() {
    return SpiLevel.CURRENT;
  }

  @Override
  public List<WorkerProvisionerFactory> provisioners() {
    return List.of(
        new WorkerProvisionerFactory() {
          @Override
          public String name() {
            return "command";
          }

          @Override
          public WorkerProvisioner create(PluginConfig config, PluginContext context) {
            Map<String, String> commands = config.withPrefix("command.");
            config.finish();
            if (commands.isEmpty()) {
              throw config.invalid("command.<language>", null, "at least one command line");
            }
            commands.forEach(
                (language, line) -> {
                  if (line.isBlank()) {
                    throw config.invalid("command." + language, line, "a command line");
                  }
                });
            return new CommandProvisioner(commands, context.blockingExecutor());
          }
        });
  }
}
