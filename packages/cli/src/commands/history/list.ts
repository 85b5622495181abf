import { Flags } from '@oclif/core';
import { dateFlag, stageFlag } from '../../history-flags.ts';
import { renderRuns } from '../../render/history.ts';
import { findWorkflow } from '../../services/find-workflow.ts';
import { environmentFlag, SpireCommand } from '../../spire-command.ts';
import { pageFlags } from '../../workflow-flags.ts';

export default class HistoryList extends SpireCommand {
  static override summary = 'list runs, newest first';
  static override aliases = ['history'];
  static override examples = [
    '<%= config.bin %> history list --workflow spire_adobe_30 --stage training',
    '<%= config.bin %> history list --status failed --date 2026-11-01',
  ];
  static override flags = {
    ...environmentFlag,
    workflow: Flags.string({ description: 'only runs of this workflow, by name or id' }),
    stage: stageFlag(),
    status: Flags.string({ description: 'only runs with this status, such as failed' }),
    date: dateFlag(),
    ...pageFlags,
  };

  async run() {
    const { flags } = await this.parse(HistoryList);
    const find = flags.workflow ? findWorkflow({ workflow: flags.workflow }) : undefined;
    const page = await this.reading(flags, async (spire) =>
      spire.history.list({
        workflowId: (await find?.(spire))?.id,
        stage: flags.stage,
        status: flags.status,
        argDate: flags.date,
        limit: flags.limit,
        after: flags.after,
      }),
    );
    this.log(renderRuns(page.runs));
    this.notePage(page.next);
    return { runs: page.runs, next: page.next ?? null };
  }
}
