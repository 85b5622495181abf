import {
  environmentNames,
  loadResolutionInput,
  type ResolutionInput,
  requireKnown,
} from '@spire/access';
import { renderStatus } from '../render/status.ts';
import { inspectEnvironment } from '../services/inspect-environment.ts';
import { selectionOf } from '../services/selection-of.ts';
import { environmentFlag, SpireCommand } from '../spire-command.ts';

export default class Status extends SpireCommand {
  static override summary =
    'show every environment: host, role, token, schema version, and what is wrong';
  static override description =
    'What cannot be reached says so; the command itself still succeeds.';
  static override examples = [
    '<%= config.bin %> status',
    '<%= config.bin %> status --environment staging --json',
  ];
  static override flags = { ...environmentFlag };

  async run() {
    const { flags } = await this.parse(Status);
    const input: ResolutionInput = loadResolutionInput(process.env, flags.environment);
    if (flags.environment) requireKnown(flags.environment, input);
    const selection = selectionOf(input);
    const names = flags.environment ? [flags.environment] : environmentNames(input);
    const environments = await Promise.all(
      names.map((name) => inspectEnvironment(name, name === selection?.name, input)),
    );
    this.log(renderStatus(environments, selection));
    this.endNow();
    return { environments, selectedBy: selection?.by ?? null };
  }
}
