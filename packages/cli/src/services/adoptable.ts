import type { AdoptionPlan } from '@spire/migrate';
import { CliError } from '../errors.ts';

/**
 * Whether a database may be adopted, and the way out when not.
 *
 * @param repair the file to which the SQL was written that closes the differences.
 * @throws CliError `ADOPTION_IMPOSSIBLE`
 */
export function requireAdoptable(
  environment: string,
  { state, heads, differences }: AdoptionPlan,
  repair: string | undefined,
): void {
  switch (state) {
    case 'ready':
    case 'adopted':
      return;
    case 'empty':
      throw impossible(environment, 'it is empty', [
        `Make its tables: spire migrate up -e ${environment}`,
      ]);
    case 'unmanaged':
      throw impossible(environment, 'Alembic says nothing of it, so nobody knows what it is', [
        'Check that this is the database that you mean: spire env show',
        'If it is: see how far it is from the baseline above, and write the head into alembic_version.',
      ]);
    case 'split':
      throw impossible(environment, `Alembic names several heads, ${heads.join(' and ')}`, [
        'Let its history be merged as Alembic wants it, or leave the one row in alembic_version that is true.',
        'Then run this again: the tables decide.',
      ]);
    case 'differs':
      throw impossible(
        environment,
        `its tables aren't the baseline: ${differences.length} ${differences.length === 1 ? 'difference' : 'differences'}`,
        repair === undefined
          ? [
              `Write the SQL that would close them: spire migrate adopt -e ${environment} --write-repair repair.sql`,
            ]
          : [
              `Read ${repair}, then run it: spire db psql -e ${environment} --write -- -1 -v ON_ERROR_STOP=1 -f ${repair}`,
              `Then adopt it: spire migrate adopt -e ${environment}`,
            ],
      );
  }
}

function impossible(environment: string, why: string, suggestions: readonly string[]): CliError {
  return new CliError('ADOPTION_IMPOSSIBLE', `${environment} wasn't adopted: ${why}.`, [
    ...suggestions,
    'Nothing was changed.',
  ]);
}
