import { step } from './difference.ts';
import { type Kind, object } from './kind.ts';
import { keptSchema, ownObject } from './scope.ts';

/** Schemas: there, or not. */
export const schemas: Kind<Record<string, never>> = {
  async read(client) {
    const { rows } = await client.query(`
      select nspname::text as name, quote_ident(nspname) as quoted from pg_namespace n
      where ${keptSchema('nspname')} and ${ownObject('pg_namespace', 'n.oid')}
      order by nspname collate "C"`);
    return (rows as { name: string; quoted: string }[]).map(({ name, quoted }) =>
      object('schema', [name], { name, quoted, ref: quoted, attributes: {} }),
    );
  },
  describe: ({ name }) => `schema ${name}`,
  create: ({ ref }) => [step('schema', `create schema ${ref}`)],
  drop: ({ ref }) => [step('drop schema', `drop schema ${ref}`)],
  change: () => ({ words: [], steps: [] }),
};
