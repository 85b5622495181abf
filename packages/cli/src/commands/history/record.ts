import { Flags } from '@oclif/core';
import type { HistoryInput } from '@spire/sdk';
import { dateFlag, stageFlag } from '../../history-flags.ts';
import { loadMapping, parseInput } from '../../load-input.ts';
import { renderRuns } from '../../render/history.ts';
import { findWorkflow } from '../../services/find-workflow.ts';
import { confirmFlag, environmentFlag, SpireCommand } from '../../spire-command.ts';
import { traitFlag, workflowArgs } from '../../workflow-flags.ts';

export default class HistoryRecord extends SpireCommand {
  static override summary = 'record a run of a workflow, or bring one up to date';
  static override description =
    'Prints the id of the run. Give it again with --id to bring that run up to date, from running to success.';
  static override examples = [
    '<%= config.bin %> history record spire_adobe_30 --stage training --date 2026-11-01 --status success',
  ];
  static override args = workflowArgs;
  static override flags = {
    ...environmentFlag,
    ...confirmFlag,
    ...traitFlag,
    id: Flags.string({
      description: 'id of the run; that of an earlier record brings it up to date',
    }),
    stage: stageFlag({ required: true }),
    date: dateFlag({ required: true }),
    status: Flags.string({
      description: 'pending, running, success, failed or an error of scoring',
      required: true,
    }),
    stats: Flags.string({ description: 'figures of the run, JSON' }),
    'details-file': Flags.string({
      description: 'file with more: stats, info, warnings, error, traceback, clusterId, runId',
    }),
    error: Flags.string({ description: 'why it failed, in a line' }),
  };

  async run() {
    const { args, flags } = await this.parse(HistoryRecord);
    const find = findWorkflow({ ...args, ...flags });
    const details = flags['details-file'] ? await loadMapping(flags['details-file']) : {};
    const stats = flags.stats ? { stats: parseInput('--stats', flags.stats) } : {};
    const run = await this.writing(flags, false, async (spire) => {
      const workflow = await find(spire);
      const recorded = await spire.history.record({
        ...details,
        ...(flags.id ? { id: flags.id } : {}),
        workflowId: workflow.id,
        stage: flags.stage,
        argDate: flags.date,
        status: flags.status,
        ...stats,
        ...(flags.error ? { error: flags.error } : {}),
      } as HistoryInput);
      return { ...recorded, workflowName: workflow.name };
    });
    this.log(renderRuns([run]));
    this.log(`\nid  ${run.id}`);
    return { run };
  }
}
