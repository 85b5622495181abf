import { describeFinding } from '@spire/migrate';
import { CliError } from '../errors.ts';
import type { Review } from './plan-migration.ts';

/**
 * What a plan has to pass before it comes to a protected environment: the linter finds nothing, all of it
 * runs in the shadow, and the database is what its applied migrations make.
 *
 * @throws CliError `GATE_CLOSED`, with everything that is wrong.
 */
export function requireOpenGate(environment: string, { findings, drift = [] }: Review): void {
  const reasons = [
    ...findings.map(
      (finding) => `${finding.tag}, line ${finding.line}: ${describeFinding(finding)}`,
    ),
    ...drift.map(({ words }) => `drift: ${words}`),
  ];
  if (reasons.length === 0) return;
  throw new CliError(
    'GATE_CLOSED',
    `${environment} is protected, and this may not be applied to it yet:\n${reasons.map((reason) => `  ${reason}`).join('\n')}`,
    [
      ...(findings.length > 0
        ? ['Mend the migration, or let a rule pass in it: -- spire:allow <rule> reason=<why>']
        : []),
      ...(drift.length > 0
        ? [`See the SQL that closes the drift: spire migrate drift -e ${environment} --sql`]
        : []),
      'Nothing was changed.',
    ],
  );
}
