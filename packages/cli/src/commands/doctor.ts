import { Flags } from '@oclif/core';
import { loadResolutionInput } from '@spire/access';
import { exitCodeOf } from '../exit-codes.ts';
import { renderComparison, renderDiagnosis, renderHop } from '../render/doctor.ts';
import { refuseStrayRuntime, runtimeFlags } from '../runtime-flags.ts';
import { compareRuntime, requireEqual } from '../services/compare-runtime.ts';
import { diagnose } from '../services/doctor/diagnose.ts';
import { readRuntime } from '../services/read-runtime.ts';
import { environmentFlag, SpireCommand } from '../spire-command.ts';

export default class Doctor extends SpireCommand {
  static override summary = 'walk from the config file to the data, and stop where it is broken';
  static override description =
    "Each hop with its time; at the first broken one what helps, who to ask, and the page to read. The exit code is that of what is wrong. --against compares a runtime's variables with what the connector needs, without showing a value.";
  static override examples = [
    '<%= config.bin %> doctor --environment staging',
    '<%= config.bin %> doctor --environment staging --against databricks --cluster etl',
  ];
  static override flags = {
    ...environmentFlag,
    against: Flags.option({
      description: 'compare the variables of a runtime',
      options: ['databricks', 'astronomer'] as const,
    })(),
    ...runtimeFlags,
  };

  async run() {
    const { flags } = await this.parse(Doctor);
    if (flags.against) {
      const environment = this.resolve(flags);
      const runtime = await readRuntime(flags.against, flags, environment.name, process.env);
      const input = loadResolutionInput(process.env, environment.name);
      const comparison = compareRuntime(runtime, environment, input);
      this.log(renderComparison(comparison));
      requireEqual(comparison);
      return { environment: environment.name, ...comparison };
    }
    refuseStrayRuntime(flags, 'spire doctor --against databricks');
    const watched = process.stderr.isTTY && !this.jsonEnabled();
    const { broken, ...diagnosis } = await diagnose(process.env, flags.environment, {
      onBegin: (name) => watched && process.stderr.write(`  ${name} ...`),
      onEnd: (report) => {
        if (watched) process.stderr.write('\r\u001b[2K');
        this.log(renderHop(report));
      },
    });
    this.log(renderDiagnosis({ ...diagnosis, broken }));
    if (broken?.problem) process.exitCode = exitCodeOf(broken.problem.code);
    this.endNow();
    return { ...diagnosis, broken: broken?.name ?? null };
  }
}
