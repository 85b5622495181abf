import type { MigrationFile } from '../../../../packages/schema/src/migration-files.ts';

const LOCK = /^lock table ([\w\s.,]+?) in ([\w ]+?) mode/i;

/**
 * The page of all migrations.
 *
 * @throws Error when one doesn't begin with a comment that says what it does.
 */
export function migrationsPage(files: readonly MigrationFile[]): string {
  return `# Migrations

In the order in which they are applied, each in a transaction of its own unless it says otherwise. Which locks one takes
on a database is measured by [\`spire migrate plan\`](cli/migrate.md#spire-migrate-plan); here stand those that a migration asks for by itself.

${files.map(section).join('\n\n')}
`;
}

function section(file: MigrationFile): string {
  const locks = file.statements.flatMap((statement) => {
    const [, tables, mode] = LOCK.exec(statement.replace(/^(\s*--.*\n)*/, '')) ?? [];
    return tables && mode ? [`\`${tables}\` (${mode.toLowerCase()})`] : [];
  });
  const facts = [
    `${file.statements.length} ${file.statements.length === 1 ? 'statement' : 'statements'}, ${file.transactional ? 'in a transaction' : 'outside a transaction (`no-transaction`)'}`,
    `locks: ${locks.join(', ') || 'what its statements need'}`,
    file.irreversible === undefined
      ? 'can be taken back: `spire migrate down`'
      : `can't be taken back: ${file.irreversible}`,
  ];
  return `## ${file.tag}\n\n${purpose(file)}\n\n${facts.map((fact) => `- ${fact}`).join('\n')}`;
}

/** What the comment says that the file begins with, without its directives. */
function purpose({ tag, sql }: MigrationFile): string {
  const [header = ''] = /^(\s*--(?!>).*\n)*/.exec(sql) ?? [];
  const words = header
    .split('\n')
    .map((line) => line.replace(/^\s*--\s?/, ''))
    .filter((line) => line && !line.startsWith('spire:'));
  if (words.length > 0) return words.join('\n');
  throw new Error(`packages/schema/migrations/${tag}.sql needs a first comment: what it does.`);
}
