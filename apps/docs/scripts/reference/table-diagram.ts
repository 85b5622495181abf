import type { Reference, TableModel } from '../../../../packages/schema/scripts/table-model.ts';

/**
 * A diagram of tables and of the foreign keys between them, for mermaid.
 *
 * @param detailed names of those that are shown with their columns.
 */
export function tableDiagram(tables: readonly TableModel[], detailed: readonly string[]): string {
  const names = new Set(tables.map(({ name }) => name));
  const lines = tables.flatMap((table) => [
    ...(detailed.includes(table.name) ? box(table) : [`  ${table.name}`]),
    ...table.references
      .filter((one) => names.has(one.table))
      .map(
        (one) =>
          `  ${one.table} ${cardinality(table, one)} ${table.name} : "${one.columns.join(', ')}"`,
      ),
  ]);
  return ['```mermaid', 'erDiagram', ...lines, '```'].join('\n');
}

function box({ name, columns, primaryKey, references, unique }: TableModel): string[] {
  const keysOf = (column: string) => [
    ...(primaryKey.includes(column) ? ['PK'] : []),
    ...(references.some((one) => one.columns.includes(column)) ? ['FK'] : []),
    ...(unique.some((one) => one.length === 1 && one[0] === column) ? ['UK'] : []),
  ];
  return [
    `  ${name} {`,
    ...columns.map((one) =>
      `    ${shortType(one.type)} ${one.name} ${keysOf(one.name).join(', ')}`.trimEnd(),
    ),
    '  }',
  ];
}

/** Mermaid takes one word for a type. */
function shortType(type: string): string {
  return type
    .replace('timestamp with time zone', 'timestamptz')
    .replace('double precision', 'float8')
    .replaceAll(' ', '_');
}

function cardinality(
  { columns, primaryKey, unique }: TableModel,
  { columns: own }: Reference,
): string {
  const same = (key: readonly string[]) =>
    key.length === own.length && own.every((one) => key.includes(one));
  const isRequired = own.every((name) => columns.find((one) => one.name === name)?.notNull);
  return `${isRequired ? '||' : '|o'}--${same(primaryKey) || unique.some(same) ? 'o|' : 'o{'}`;
}
