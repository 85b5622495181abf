import { type Mask, masksByTable, type NamedMasks, type TargetValue } from '../src/index.ts';

const TARGET: Readonly<Record<TargetValue, string>> = {
  environment: 'name',
  host: 'host of the database',
  vaultAddress: 'address of Vault',
  vaultReadPath: 'path in Vault',
};

/** The page about masking, with what is declared in `src/masking`. */
export function maskingPage(): string {
  const tables = [...masksByTable()].sort(([one], [other]) => (one < other ? -1 : 1));
  const jsonMasks = tables
    .flatMap(([, masks]) => (masks.rows === 'keep' ? [...masks.columns.values()] : []))
    .filter((mask) => mask !== 'keep' && mask.method === 'json');
  const removed = new Set(jsonMasks.flatMap((mask) => mask.removed));
  const rewritten = jsonMasks.flatMap((mask) => Object.entries(mask.rewritten));
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
| figures | JSON that holds no text, under plain names, is the same. Of other JSON, the keys at the top that hold a text or have another name go, and those that do in other rows |
| json | JSON [without secrets](#what-goes-from-json), and with the target's host and the like in place of the source's |
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

### What goes from JSON

Names and forms tell what a secret is. What has one of these names goes: keys at any depth, also of JSON in a text
such as a job's \`args\`, and what a text gives a name, as in \`password=x\`, \`password: x\` or \`--password x\`. A
\`*\` stands for anything, a \`_\` for any separator or none, and capitals don't matter: \`*api_key*\` is
\`x-api-key\` and \`apiKey\` too. \`true\`, \`false\` and \`null\` stay.

| names of | | why |
|---|---|---|
${[...removed].map(({ of, names, why }) => `| ${of} | ${code(names)} | ${why} |`).join('\n')}

By their form, wherever they stand: private keys, users and passwords in URLs, what is behind \`Bearer\` and \`Basic\`,
tokens of AWS, Vault, GitHub, GitLab, Slack, Databricks, Google and others, JSON Web Tokens, and addresses of e-mail.
In a text, \`masked\` comes in the place of a secret. What is nested too deep to be cut out takes the whole document along.

These names get the target's value, or go where it has none. And wherever the source's own host, Vault or path stands in
a text, as in a JDBC address, the target's takes its place.

| the target's | names |
|---|---|
${rewritten.map(([value, names]) => `| ${TARGET[value as TargetValue]} | ${code(names)} |`).join('\n')}

What has neither name nor form isn't found, such as a password in the middle of a sentence, or one that is encoded. Job
configs aren't to hold any: Spire refuses to store one.

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
  return `json: without ${mask.removed.map(({ of }) => of).join(', ')}`;
}

function code(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}
