import { describe, expect, it } from 'vitest';
import { pickOne } from './pick-one.ts';

const words = { kind: 'cluster', flag: '--cluster', where: 'Databricks at https://h' };
const one = (id: string, name: string) => ({ id, name });

describe('pickOne', () => {
  it.each([
    ['the only one', [one('1', 'etl')], undefined, '1'],
    ['by id', [one('1', 'etl'), one('2', 'etl')], '2', '2'],
    ['by name', [one('1', 'etl'), one('2', 'train')], 'train', '2'],
    ['by id before a name', [one('1', '2'), one('2', 'etl')], '2', '2'],
  ])('finds %s', (_, all, wanted, id) => {
    expect(pickOne(all, wanted, words).id).toBe(id);
  });

  const many = Array.from({ length: 12 }, (_, index) => one(`${index}`, `c${index}`));
  it.each([
    [
      'none at all',
      [],
      undefined,
      'shows no cluster.',
      ['Check its name, and whether the token may see it.'],
    ],
    [
      'none of that name',
      [one('1', 'etl')],
      'x',
      'shows no cluster called x.',
      ['Name one: --cluster etl'],
    ],
    [
      'several',
      [one('1', 'etl'), one('2', 'my etl')],
      undefined,
      'has 2 clusters.',
      ['Name one: --cluster etl', 'Name one: --cluster "my etl"'],
    ],
    [
      'two of one name',
      [one('1', 'etl'), one('2', 'etl'), one('3', 'x')],
      'etl',
      'has 2 clusters called etl.',
      ['Name one: --cluster 1', 'Name one: --cluster 2'],
    ],
    [
      'names that no terminal should see',
      [one('1', 'a\u001b[2J'), one('2', '')],
      undefined,
      'has 2 clusters.',
      ['Name one: --cluster "a\\u001b[2J"', 'Name one: --cluster 2'],
    ],
    [
      'many',
      many,
      undefined,
      'has 12 clusters.',
      many.slice(0, 10).map(({ name }) => `Name one: --cluster ${name}`),
    ],
  ])('suggests what to name: %s', (_, all, wanted, message, suggestions) => {
    expect(() => pickOne(all, wanted, words)).toThrow(
      expect.objectContaining({
        code: 'RUNTIME_NOT_FOUND',
        message: `Databricks at https://h ${message}`,
        suggestions,
      }),
    );
  });
});
