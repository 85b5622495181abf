import { Flags } from '@oclif/core';
import { CliError } from '../../errors.ts';
import { dateFlag, stageFlag } from '../../history-flags.ts';
import { renderRuns } from '../../render/history.ts';
import { findWorkflow } from '../../services/find-workflow.ts';
import { environmentFlag, SpireCommand } from '../../spire-command.ts';

export default class HistoryLatest extends SpireCommand {
  static override summary = 'show the latest run of each workflow and stage';
  static override examples = [
    '<%= config.bin %> history latest --stage scoring',
    '<%= config.bin %> history latest --date 2026-11-01 --json',
  ];
  static override flags = {
    ...environmentFlag,
    workflow: Flags.string({ description: 'only of this workflow, by name or id' }),
    stage: stageFlag(),
    date: dateFlag(),
    'as-of': Flags.string({ description: 'what was the latest at this moment, ISO 8601' }),
    limit: Flags.integer({ description: 'at most this many', default: 50, min: 1, max: 500 }),
  };

  async run() {
    const { flags } = await this.parse(HistoryLatest);
    const find = flags.workflow ? findWorkflow({ workflow: flags.workflow }) : undefined;
    const asOf = flags['as-of'] ? new Date(flags['as-of']) : undefined;
    if (asOf && Number.isNaN(asOf.getTime())) {
      throw new CliError('USAGE', '--as-of: expected a moment such as 2026-11-01T06:00:00Z.');
    }
    const runs = await this.reading(flags, async (spire) =>
      spire.history.latest({
        workflowId: (await find?.(spire))?.id,
        stage: flags.stage,
        argDate: flags.date,
        asOf,
        limit: flags.limit,
      }),
    );
    this.log(renderRuns(runs));
    return { runs };
  }
}
