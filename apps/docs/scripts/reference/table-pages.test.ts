import { expect, it } from 'vitest';
import type { TableModel } from '../../../../packages/schema/scripts/table-model.ts';
import { tablePages } from './table-pages.ts';

const column = (name: string, notNull = true) => ({
  name,
  type: 'uuid',
  notNull,
  default: undefined,
});
const none = { unique: [], references: [], indexes: [], checks: [] };
const owner: TableModel = { name: 'owners', columns: [column('id')], primaryKey: ['id'], ...none };
const pet: TableModel = {
  ...none,
  name: 'pets',
  columns: [column('id'), column('owner_id', false)],
  primaryKey: ['id'],
  references: [
    {
      columns: ['owner_id'],
      table: 'owners',
      targets: ['id'],
      onDelete: 'cascade',
      onUpdate: 'no action',
    },
  ],
};
const meanings = new Map([
  ['owners', { table: 'Who keeps pets.', columns: new Map([['id', 'Its own id.']]) }],
  ['pets', { table: 'Who is kept.', columns: new Map([['id', 'Its own id.']]) }],
]);
const masks = new Map([['owners', { rows: 'drop', why: 'They are people.' } as const]]);

it('writes a page a table, with its neighbours drawn', () => {
  const pages = tablePages({ models: [owner, pet], meanings, masks });
  expect([...pages.keys()]).toEqual([
    'reference/tables/index.md',
    'reference/tables/owners.md',
    'reference/tables/pets.md',
  ]);
  const page = pages.get('reference/tables/pets.md') ?? '';
  expect(page).toContain(
    '| `owner_id` | `uuid` | yes |  | Refers to [`owners`](owners.md). | kept |',
  );
  expect(page).toContain('  owners |o--o{ pets : "owner_id"');
  expect(pages.get('reference/tables/owners.md')).toContain(
    '| `id` | `uuid` |  |  | Its own id. | no rows |',
  );
});

it('refuses a table and a column that nobody explains', () => {
  const unknown = { ...owner, name: 'vets' };
  expect(() => tablePages({ models: [unknown], meanings, masks })).toThrow('The table vets');
  const wider = { ...owner, columns: [...owner.columns, column('fee')] };
  expect(() => tablePages({ models: [wider], meanings, masks })).toThrow('owners.fee');
});
