import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A flag as oclif's manifest has it. */
export interface ManifestFlag {
  readonly name: string;
  readonly char?: string;
  readonly description?: string;
  readonly helpValue?: string;
  readonly options?: readonly string[];
  readonly default?: unknown;
  readonly env?: string;
  readonly required?: boolean;
  readonly multiple?: boolean;
  readonly allowNo?: boolean;
  readonly exclusive?: readonly string[];
  readonly type: 'boolean' | 'option';
}

/** A command as oclif's manifest has it. */
export interface ManifestCommand {
  /** As it is typed: `workflows list`. */
  readonly words: string;
  readonly args: readonly {
    readonly name: string;
    readonly description?: string;
    readonly required?: boolean;
  }[];
  readonly flags: readonly ManifestFlag[];
  /** Whether it takes no more than its arguments. */
  readonly strict: boolean;
}

/** The commands that there are. */
export function manifestCommands(root: string): ManifestCommand[] {
  const file = join(root, 'packages', 'cli', 'oclif.manifest.json');
  const { commands } = JSON.parse(readFileSync(file, 'utf8')) as {
    commands: Record<string, { args: object; flags: object; strict: boolean }>;
  };
  return Object.entries(commands).map(([id, { args, flags, strict }]) => ({
    words: id.replaceAll(':', ' '),
    args: Object.values(args),
    flags: Object.values(flags),
    strict,
  }));
}
