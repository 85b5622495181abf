import { type Mask, masksByTable, type NamedMasks } from '../src/index.ts';

/** The page about masking, with what is declared in `src/masking`. */
export function maskingPage(): string {
  const tables = [...masksByTable()].sort(([one], [other]) => (one < other ? -1 : 1));
  return `# Masking

Data leaves production only masked. What becomes of each column is declared beside the tables, in
\`packages/schema/src/masking\`. A column that isn't declared fails \`pnpm check\`; one that a database has
besides stops the copy before it begins.

Masks are part of the query that the source answers, so what is masked never leaves it. They need a session that
may read, and nothing else: no extension, no function, no table of their own.

## What comes

| method | what comes |
|---|---|
| keep | the same |
| null, empty | NULL, \`{}\` |
| label, number | a text such as \`Advertiser 5f0c2a9b71d3e846\`, a whole number below 2^53. Equal values stay equal, so that rows still join, and it is next to impossible that others become equal |
| figures | JSON that holds no text, under plain names, is the same. Of other JSON, the numbers, \`true\`, \`false\` and \`null\` at its top |
| json | JSON without the keys that are listed, at any depth; \`*\` stands for anything, and capitals don't matter. Variables of an environment get the target's values, or go where it has none. From all texts go the passwords of URLs, parameters and arguments, and the addresses of e-mail. What is nested too deep to be cut out takes the whole document along |
| pause | the same, but nothing runs by it |
| no rows | nothing |

Labels and numbers come from SHA-256 and a secret. It is a new random one for each copy, so that nobody can find out
by trying what a label stands for, or \`SPIRE_MASK_SECRET\`, so that two copies agree. Guard that one like the data.

### What is paused

Unless \`--live\` is given, workflows come disabled, and no stage of a schedule is ever due. What a stage had is beside it,
below \`paused_args\`:

| logic | never due by |
|---|---|
| \`cron\` | \`start_date: "9999-12-31"\` |
| \`expiration\` | \`expiration_date: "9999-12-31"\` |
| \`countdown\` | \`n_tries: 0\` |

To let it run, put \`paused_args\` in the place of \`args\`. A schedule that can't be read as one becomes one
without stages, and all that it was is below its \`paused_args\`.

## Columns

Tables and columns of older schemas are among them: a source may still be under Alembic, or between two migrations.

| table | columns | method | why |
|---|---|---|---|
${tables.flatMap(([name, masks]) => linesOf(name, masks)).join('\n')}

## Add a column

TypeScript asks for it in \`packages/schema/src/masking/masks.ts\`. Keep what the platform itself made: ids, names,
times, figures, definitions. What people, customers or programs write freely is masked, or doesn't come.
\`pnpm docs:reference\` writes this page again.
`;
}

function linesOf(table: string, masks: NamedMasks): string[] {
  if (masks.rows === 'drop') return [`| \`${table}\` | all | no rows | ${masks.why} |`];
  const masked = [...masks.columns].flatMap(([column, mask]) =>
    mask === 'keep' ? [] : [`| \`${table}\` | \`${column}\` | ${methodOf(mask)} | ${mask.why} |`],
  );
  const kept = [...masks.columns].filter(([, mask]) => mask === 'keep');
  const names = kept.map(([column]) => `\`${column}\``).join(', ');
  return [...masked, `| \`${table}\` | ${names} | keep | |`];
}

function methodOf(mask: Exclude<Mask, 'keep'>): string {
  if (mask.method === 'label') return `label \`${mask.prefix}\``;
  if (mask.method !== 'json') return mask.method;
  const code = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(', ');
  return `json: without ${code(mask.removed)}; the target's ${code(Object.keys(mask.rewritten))}`;
}
