import { generateDrizzleJson } from 'drizzle-kit/api';
import { schema } from '../src/schema.ts';

/** A column as the Drizzle tables declare it. */
export interface ColumnModel {
  readonly name: string;
  /** Such as `varchar(100)`; `serial` where a sequence counts. */
  readonly type: string;
  readonly notNull: boolean;
  /** In SQL. */
  readonly default: string | undefined;
}

/** A foreign key. */
export interface Reference {
  readonly columns: readonly string[];
  readonly table: string;
  readonly targets: readonly string[];
  readonly onDelete: string;
  readonly onUpdate: string;
}

/** A table as the Drizzle tables declare it, by names of Postgres. */
export interface TableModel {
  readonly name: string;
  readonly columns: readonly ColumnModel[];
  readonly primaryKey: readonly string[];
  readonly unique: readonly (readonly string[])[];
  readonly references: readonly Reference[];
  readonly indexes: readonly {
    readonly name: string;
    readonly columns: readonly string[];
    /** The rows that are in it; undefined where all are. */
    readonly where: string | undefined;
  }[];
  readonly checks: readonly { readonly name: string; readonly rule: string }[];
}

type Named<T> = Readonly<Record<string, { readonly name: string } & T>>;

/** What is read here of a table in drizzle-kit's own form; its types are lost on their way. */
interface KitTable {
  readonly name: string;
  readonly columns: Named<{
    readonly type: string;
    readonly primaryKey: boolean;
    readonly notNull: boolean;
    readonly default?: unknown;
  }>;
  readonly compositePrimaryKeys: Named<{ readonly columns: readonly string[] }>;
  readonly uniqueConstraints: Named<{ readonly columns: readonly string[] }>;
  readonly foreignKeys: Named<{
    readonly columnsFrom: readonly string[];
    readonly tableTo: string;
    readonly columnsTo: readonly string[];
    readonly onDelete?: string;
    readonly onUpdate?: string;
  }>;
  readonly indexes: Named<{
    readonly columns: readonly { readonly expression: string }[];
    readonly where?: string;
  }>;
  readonly checkConstraints: Named<{ readonly value: string }>;
}

/** All tables, by name, as drizzle-kit reads them. */
export function tableModels(): TableModel[] {
  return Object.values(generateDrizzleJson(schema).tables as Readonly<Record<string, KitTable>>)
    .map((table) => {
      const columns = Object.values(table.columns);
      const composite = Object.values(table.compositePrimaryKeys)[0]?.columns;
      return {
        name: table.name,
        columns: columns.map(({ name, type, notNull, default: value }) => ({
          name,
          type,
          notNull,
          default: value === undefined ? undefined : String(value),
        })),
        primaryKey: composite ?? columns.flatMap((one) => (one.primaryKey ? one.name : [])),
        unique: Object.values(table.uniqueConstraints).map(({ columns }) => columns),
        references: Object.values(table.foreignKeys).map((key) => ({
          columns: key.columnsFrom,
          table: key.tableTo,
          targets: key.columnsTo,
          onDelete: key.onDelete ?? 'no action',
          onUpdate: key.onUpdate ?? 'no action',
        })),
        indexes: Object.values(table.indexes).map(({ name, columns, where }) => ({
          name,
          columns: columns.map(({ expression }) => expression),
          where: where && unqualified(where, table.name),
        })),
        checks: Object.values(table.checkConstraints).map(({ name, value }) => ({
          name,
          rule: unqualified(value, table.name),
        })),
      };
    })
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

function unqualified(sql: string, table: string): string {
  return sql.replaceAll(`"${table}".`, '').replace(/"(\w+)"/g, '$1');
}
