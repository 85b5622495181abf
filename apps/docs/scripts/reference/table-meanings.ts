import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commentText, DOC_COMMENT } from './doc-comment.ts';

/** What a table and its columns are for. */
export interface TableMeaning {
  readonly table: string;
  /** By the column's name in Postgres. */
  readonly columns: ReadonlyMap<string, string>;
}

/** What columns mean that are the same in every table, by name. */
const EVERYWHERE: ReadonlyMap<string, string> = new Map([
  ['id', 'Its own id.'],
  ['stage', 'The stage: `assembly`, `training`, `scoring` or `postprocessing`.'],
  ['created_at', 'When the row was made.'],
  ['modified_at', 'When it was last written.'],
]);

const TABLE = new RegExp(`${DOC_COMMENT}\\s*export const \\w+ = pgTable\\(\\s*'(\\w+)'`);
const COLUMN = new RegExp(`${DOC_COMMENT}\\s*\\w+: \\w+\\(\\s*'(\\w+)'`, 'g');

/** The JSDoc of the tables, by their names in Postgres. */
export function tableMeanings(root: string): Map<string, TableMeaning> {
  const folder = join(root, 'packages', 'schema', 'src', 'tables');
  const meanings = globSync('*.ts', { cwd: folder }).flatMap((file) => {
    const source = readFileSync(join(folder, file), 'utf8');
    const [, comment = '', name = ''] = TABLE.exec(source) ?? [];
    const columns = [...source.matchAll(COLUMN)].map(
      ([, text = '', column = '']) => [column, commentText(text)] as const,
    );
    return name
      ? [
          [
            name,
            { table: commentText(comment), columns: new Map([...EVERYWHERE, ...columns]) },
          ] as const,
        ]
      : [];
  });
  return new Map(meanings);
}
