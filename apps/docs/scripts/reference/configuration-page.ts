import { defaultValues } from '../../../../packages/access/src/environment.ts';
import { VALUE_KEYS, VALUE_NAMES } from '../../../../packages/access/src/value-names.ts';
import { commentText, DOC_COMMENT } from './doc-comment.ts';
import { CONFIG_KEYS, type Setting, VARIABLES } from './variables.ts';

/** A name that an environment is given by, and what it gives. */
export interface ValueSetting extends Setting {
  /** Other names of the same value. */
  readonly others: readonly string[];
}

/**
 * The values of an environment, from the table of their names and the JSDoc of their types.
 *
 * @param source of `environment.ts`.
 * @throws Error when one isn't explained, or its default isn't what the JSDoc says.
 */
export function valueSettings(source: string): ValueSetting[] {
  return VALUE_KEYS.map((key) => {
    const member = new RegExp(`${DOC_COMMENT}\\s*readonly ${key}:`).exec(source)?.[1] ?? '';
    const [, means = '', without = ''] =
      /^(.+?)(?:; default:? (.+))?\.$/.exec(commentText(member)) ?? [];
    const known = defaultValues('NAME')[key];
    if (!means || (known !== undefined && !without.includes(String(known)))) {
      throw new Error(
        `packages/access/src/environment.ts: ${key} needs a comment, "/** What it means; default ${known ?? 'if any'}. */".`,
      );
    }
    const [name = '', ...others] = VALUE_NAMES[key].names;
    return { name, others, means, without };
  });
}

/**
 * The page of variables and keys of the config file.
 *
 * @param readers the packages that read each name.
 * @throws Error for a name that is read and isn't explained, or explained and not read.
 */
export function configurationPage(
  values: readonly ValueSetting[],
  readers: ReadonlyMap<string, ReadonlySet<string>>,
): string {
  requireEqual(values, readers);
  const by = ({ name, by }: Setting) =>
    by ?? [...(readers.get(name) ?? [])].map((one) => `\`${one}\``).join(', ');
  const table = (settings: readonly Setting[]) => [
    '| name | what it says | without it | read by |',
    '|---|---|---|---|',
    ...settings.map(
      (one) => `| \`${one.name}\` | ${one.means} | ${one.without ?? ''} | ${by(one)} |`,
    ),
  ];
  const groups = Object.entries(VARIABLES).map(
    ([title, settings]) => `## ${title}\n\n${table(settings).join('\n')}`,
  );
  return `# Configuration

Every process variable and every key of the config file that Spire reads, and which package reads it. Where a value
comes from when several say it: [Environments and credentials](../concepts/credentials.md#its-values).
\`spire env show\` prints what is in force.

## Values of an environment

Each is a process variable, and a key in the environment's section of the config file.

${table(values.map((one) => ({ ...one, means: withOthers(one) }))).join('\n')}

${groups.join('\n\n')}

Of these, \`DATABRICKS_HOST\`, \`DATABRICKS_TOKEN\`, \`ASTRO_API_URL\`, \`ASTRO_API_TOKEN\` and \`DEPLOYMENT_ENV\` may stand in a section
of the config file too.

## Keys of the config file

The file is \`config.yml\` in Spire's directory, readable for its owner alone when it holds secrets. A section is a name
with the values of an environment below it; \`<<: *base\` merges another one. [\`spire env set\`](cli/env.md) writes it.

${table(CONFIG_KEYS).join('\n')}
`;
}

function withOthers({ means, others }: ValueSetting): string {
  return others.length === 0 ? means : `${means}. Also \`${others.join('`, `')}\``;
}

function requireEqual(
  values: readonly ValueSetting[],
  readers: ReadonlyMap<string, ReadonlySet<string>>,
): void {
  const others = [...Object.values(VARIABLES).flat(), ...CONFIG_KEYS];
  const explained = new Set([
    ...values.flatMap(({ name, others }) => [name, ...others]),
    ...others.map(({ name }) => name),
  ]);
  const table = 'apps/docs/scripts/reference/variables.ts';
  const missing = [...readers].filter(([name]) => !explained.has(name));
  if (missing.length > 0) {
    const [name, packages] = missing[0] as [string, ReadonlySet<string>];
    throw new Error(
      `${name}, which ${[...packages].join(', ')} reads, isn't explained in ${table}.`,
    );
  }
  const idle = others.find(({ name, by }) => !by && !readers.has(name));
  if (idle) throw new Error(`${idle.name} is explained in ${table}, and nothing reads it.`);
}
