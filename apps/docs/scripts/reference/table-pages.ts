import type { ColumnModel, TableModel } from '../../../../packages/schema/scripts/table-model.ts';
import type { Mask } from '../../../../packages/schema/src/masking/mask.ts';
import type { NamedMasks } from '../../../../packages/schema/src/masking/masks-by-table.ts';
import { tableDiagram } from './table-diagram.ts';
import type { TableMeaning } from './table-meanings.ts';

/** What is known of the tables. */
export interface TableFacts {
  readonly models: readonly TableModel[];
  readonly meanings: ReadonlyMap<string, TableMeaning>;
  readonly masks: ReadonlyMap<string, NamedMasks>;
}

/**
 * A page for each table, and one of all.
 *
 * @returns by path below docs/.
 * @throws Error when a table or a column isn't explained.
 */
export function tablePages(facts: TableFacts): Map<string, string> {
  return new Map([
    ['reference/tables/index.md', indexPage(facts)],
    ...facts.models.map(
      (model) => [`reference/tables/${model.name}.md`, tablePage(model, facts)] as const,
    ),
  ]);
}

function indexPage({ models, meanings }: TableFacts): string {
  const keysAlone = models.map((model) => ({
    ...model,
    columns: model.columns.filter(({ name }) => isKey(model, name)),
  }));
  return `# Tables

What a migrated database holds in \`public\`, from the declarations in \`packages/schema/src/tables\`; a test holds it
against a database that the migrations made. Each table is shown with its keys.

${tableDiagram(
  keysAlone,
  models.map(({ name }) => name),
)}

| table | what it holds |
|---|---|
${models.map(({ name }) => `| [\`${name}\`](${name}.md) | ${tableMeaning(name, meanings)} |`).join('\n')}

Beside them, in the Postgres schema \`spire\`, are Spire's books: \`environment\`, which says which environment this is,
\`migrations\` and \`repairs\`, the ledger, and [\`quarantine\`](../../guides/adopt.md).
`;
}

function tablePage(model: TableModel, { models, meanings, masks }: TableFacts): string {
  const mask = masks.get(model.name);
  const rows = model.columns.map((column) => {
    const meaning = columnMeaning(model, column, meanings);
    const cells = [
      code(column.name),
      code(column.type),
      column.notNull ? '' : 'yes',
      column.default === undefined ? '' : code(column.default),
      meaning,
      maskWord(mask, column.name),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  const users = models.filter(({ references }) =>
    references.some(({ table }) => table === model.name),
  );
  const near = models.filter(
    ({ name }) =>
      name === model.name ||
      users.some((one) => one.name === name) ||
      model.references.some(({ table }) => table === name),
  );
  return [
    `# ${model.name}`,
    tableMeaning(model.name, meanings),
    '## Columns',
    `| column | type | null | default | meaning | [in a copy](../../concepts/masking.md) |\n|---|---|---|---|---|---|\n${rows.join('\n')}`,
    '## Keys',
    keys(model).join('\n'),
    ...section('Indexes', indexes(model)),
    ...section(
      'Checks',
      model.checks.map(({ name, rule }) => `- ${code(name)}: ${code(rule)}`),
    ),
    '## Relations',
    relations(model, users).join('\n') || 'None.',
    ...(near.length > 1 ? [tableDiagram(near, [model.name])] : []),
  ]
    .join('\n\n')
    .concat('\n');
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`## ${title}`, lines.join('\n')];
}

function keys({ primaryKey, unique }: TableModel): string[] {
  return [
    `- primary key: ${codes(primaryKey)}`,
    ...unique.map((columns) => `- unique: ${codes(columns)}`),
  ];
}

function indexes(model: TableModel): string[] {
  return model.indexes.map(
    ({ name, columns, where }) =>
      `- ${code(name)}: ${codes(columns)}${where ? `, of rows where ${code(where)}` : ''}`,
  );
}

function relations(model: TableModel, users: readonly TableModel[]): string[] {
  return [
    ...model.references.map(
      ({ columns, table, targets, onDelete, onUpdate }) =>
        `- ${codes(columns)} is ${codes(targets)} of [\`${table}\`](${table}.md); on delete ${onDelete}${onUpdate === 'no action' ? '' : `, on update ${onUpdate}`}`,
    ),
    ...users.flatMap(({ name, references }) =>
      references
        .filter(({ table }) => table === model.name)
        .map(({ columns }) => `- [\`${name}\`](${name}.md) refers to it by ${codes(columns)}`),
    ),
  ];
}

function isKey({ primaryKey, references, unique }: TableModel, column: string): boolean {
  return [primaryKey, ...unique, ...references.map(({ columns }) => columns)].some((key) =>
    key.includes(column),
  );
}

function tableMeaning(name: string, meanings: ReadonlyMap<string, TableMeaning>): string {
  const meaning = meanings.get(name)?.table;
  if (!meaning) throw new Error(`The table ${name} needs a comment in packages/schema/src/tables.`);
  return meaning;
}

function columnMeaning(
  { name: table, references }: TableModel,
  { name }: ColumnModel,
  meanings: ReadonlyMap<string, TableMeaning>,
): string {
  const reference = references.find(({ columns }) => columns.length === 1 && columns[0] === name);
  const meaning =
    meanings.get(table)?.columns.get(name) ??
    (reference && `Refers to [\`${reference.table}\`](${reference.table}.md).`);
  if (meaning) return meaning.replaceAll('|', '\\|');
  throw new Error(`${table}.${name} needs a comment in packages/schema/src/tables.`);
}

/** What becomes of a column's values in a copy, in a word. */
function maskWord(masks: NamedMasks | undefined, column: string): string {
  if (masks?.rows === 'drop') return 'no rows';
  const mask: Mask | undefined = masks?.columns.get(column);
  return mask === undefined || mask === 'keep' ? 'kept' : mask.method;
}

function code(text: string): string {
  return `\`${text.replaceAll('|', '\\|')}\``;
}

function codes(names: readonly string[]): string {
  return names.map(code).join(', ');
}
