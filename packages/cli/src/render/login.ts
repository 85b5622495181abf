import type { ImportResult, LoginResult } from '../services/log-in.ts';
import { duration } from './duration.ts';
import { table } from './table.ts';

const USES: Readonly<Record<ImportResult['variables'][number]['use'], string>> = {
  stored: 'kept as the login',
  checked: 'says whose these are',
  new: 'written',
  same: 'there already',
  replaces: 'written in place of another',
  unused: '-',
};

const KINDS = { value: 'value', reference: 'secret reference', hidden: 'hidden' } as const;

/** What was found, and what became of it; never a value. */
export function renderImport({ from, variables, file }: ImportResult): string {
  const rows = variables.map(({ name, kind, use }) => [name, KINDS[kind], USES[use]]);
  const grid =
    rows.length > 0 ? table(['variable', 'is', 'was'], rows) : 'It has none of the variables.';
  return [`From ${from}:`, grid, ...(file ? [`Written to ${file}.`] : [])].join('\n');
}

/** Who is logged in where, for how long. */
export function renderLogin(login: LoginResult): string {
  const {
    environment,
    address,
    tokenFrom,
    displayName,
    secondsLeft,
    renewable,
    readable,
    readPath,
  } = login;
  const life = secondsLeft === null ? 'without an end' : `for ${duration(secondsLeft)}`;
  const whom = displayName ? ` as ${displayName}` : '';
  return [
    `Logged in to ${environment}${whom} (${address}), ${life}${renewable ? ', renewable' : ''}.`,
    `The token is kept in ${tokenFrom}.`,
    readable
      ? `It may read ${readPath}.`
      : `It may not read ${readPath}: ask for a policy that covers it.`,
  ].join('\n');
}
