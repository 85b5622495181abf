import { describeFinding, type TableEffect } from '@spire/migrate';
import type { MigrationFile } from '@spire/schema';
import type { EnvironmentPlan, Review } from '../services/plan-migration.ts';
import { paint } from './paint.ts';
import { visible } from './visible.ts';

/** A plan to apply migrations: what each statement is and does, what the linter says, the plan's hash. */
export function renderPlan(plan: EnvironmentPlan, review: Review): string {
  const color = paint(process.stdout);
  if (plan.files.length === 0) return 'Nothing pending.';
  const files = plan.files.map((file, index) => {
    const findings = review.findings.filter(({ tag }) => tag === file.tag);
    return [
      color.bold(file.tag),
      `  ${wayBack(file)}${file.transactional ? '' : '; runs outside a transaction'}`,
      ...statementLines(file.statements, review.effects?.[index]?.statements, color.yellow),
      ...findings.map((finding) =>
        color.red(`  line ${finding.line}: ${describeFinding(finding)}`),
      ),
    ].join('\n');
  });
  return [...files, `plan  ${plan.environment}:${plan.hash}`].join('\n\n');
}

function wayBack({ down, irreversible }: MigrationFile): string {
  if (down) return 'can be taken back';
  return `irreversible: ${irreversible || 'nobody wrote how to take it back'}`;
}

function statementLines(
  statements: readonly string[],
  effects: readonly { tables: readonly TableEffect[] | undefined }[] | undefined,
  warn: (text: string) => string,
): string[] {
  return statements.flatMap((statement, index) => [
    ...statement.split('\n').map((line) => `    ${visible(line)}`),
    ...(effects?.[index]?.tables ?? []).map((effect) => warn(`    ^ ${effectText(effect)}`)),
  ]);
}

const BLOCKED: Readonly<Record<string, string>> = {
  AccessExclusiveLock: 'nobody reads or writes it until the file is done',
  ExclusiveLock: 'nobody writes it until the file is done',
  ShareRowExclusiveLock: 'nobody writes it until the file is done',
  ShareLock: 'nobody writes it until the file is done',
};

function effectText({ table, lock, rewrites }: TableEffect): string {
  const blocked = BLOCKED[lock] ? `: ${BLOCKED[lock]}` : '';
  return `${rewrites ? 'writes all of' : 'locks'} ${table} (${lock})${blocked}`;
}
