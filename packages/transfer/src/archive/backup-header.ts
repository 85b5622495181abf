import { z } from 'zod';
import type { TableStructure } from '../structure.ts';

/** What an archive calls itself. */
const FORMAT = 'spire-backup';
/** Raised when what was written before can't be read as it is written now. */
const VERSION = 1;

const text = z.string();
const table = z.object({
  name: text,
  quoted: text,
  columns: z.array(
    z.object({
      name: text,
      quoted: text,
      type: text,
      generated: z.boolean(),
      counted: z.boolean(),
      sql: text,
    }),
  ),
  sequences: z.array(z.object({ quoted: text, column: text, sql: text })),
  constraints: z.array(
    z.object({
      quoted: text,
      kind: z.enum(['check', 'key', 'foreign key']),
      index: text.nullable(),
      sql: text,
    }),
  ),
  indexes: z.array(text),
  // The first archives have none.
  comments: z.array(text).default([]),
  bytes: z.number(),
  rows: z.number(),
}) satisfies z.ZodType<TableStructure>;

const header = z.object({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  /** How to do without Spire. */
  restore: text,
  environment: text,
  takenAt: z.iso.datetime(),
  /** Such as `spire 0.1.0`. */
  madeBy: text,
  postgresMajor: z.int(),
  /** The newest applied migration; null before the first, and where drizzle alone applied it. */
  head: text.nullable(),
  ledger: z.array(z.object({ tag: text.nullable(), hash: text, createdAt: z.number() })),
  /** What Alembic says; null where it never was. */
  alembic: z.array(text).nullable(),
  /** What it was taken from: an archive of a protected environment is for that one alone. */
  protected: z.boolean(),
  /** The schemas in which Spire keeps its books, then `public`. */
  schemas: z.array(z.object({ name: text, tables: z.array(table) })),
});

/** What an archive says of itself, in its first entry. */
export interface BackupHeader extends Omit<z.infer<typeof header>, 'schemas'> {
  readonly schemas: readonly {
    readonly name: string;
    readonly tables: readonly TableStructure[];
  }[];
}

/** Says what stays the same in every archive. */
export function newHeader(
  told: Omit<BackupHeader, 'format' | 'version' | 'restore'>,
): BackupHeader {
  const restore = 'psql -v ON_ERROR_STOP=1 -f restore.sql, in this folder, on an empty database';
  return { format: FORMAT, version: VERSION, restore, ...told };
}

/** The header that a text is; undefined when it isn't one, or one of a version that isn't known. */
export function parseHeader(json: string): BackupHeader | undefined {
  try {
    return header.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
}

/** The tables that a header's archive has from `public`. */
export function publicTables({ schemas }: BackupHeader): readonly TableStructure[] {
  return schemas.find(({ name }) => name === 'public')?.tables ?? [];
}

/** The schemas in which Spire and drizzle keep their books. */
export function books({ schemas }: BackupHeader): BackupHeader['schemas'] {
  return schemas.filter(({ name }) => name !== 'public');
}
