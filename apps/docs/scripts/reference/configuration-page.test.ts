import { expect, it } from 'vitest';
import { configurationPage } from './configuration-page.ts';
import { readConfigKeys, readVariables } from './read-variables.ts';
import { CONFIG_KEYS, VARIABLES } from './variables.ts';

it.each([
  ['const level = process.env.LOG_LEVEL;', ['LOG_LEVEL']],
  ['return variables.HOME || homedir();', ['HOME']],
  ['const { PATH, LD_LIBRARY_PATH: path } = process.env;', ['PATH', 'LD_LIBRARY_PATH']],
  ["const NAME = 'SPIRE_BACKUP_PASSPHRASE';", ['SPIRE_BACKUP_PASSPHRASE']],
  ['// process.env.NOT_READ', []],
  ["throw new Error('NOT_A_VARIABLE');", []],
])('%j reads %j', (source, names) => {
  expect(readVariables(source)).toEqual(names);
});

it('finds keys of the config file', () => {
  expect(readConfigKeys("pairs.get('contacts'); findPair(document.root, 'active_env')")).toEqual([
    'contacts',
    'active_env',
  ]);
});

const explained = [...Object.values(VARIABLES).flat(), ...CONFIG_KEYS];
const read = new Map(explained.map(({ name }) => [name, new Set(['access'])]));

it('refuses a variable that is read and not explained, and the other way round', () => {
  expect(configurationPage([], read)).toContain('| `SPIRE_CONFIG_DIR` |');
  const more = new Map([...read, ['SPIRE_SECRET_SWITCH', new Set(['cli'])]]);
  expect(() => configurationPage([], more)).toThrow('SPIRE_SECRET_SWITCH, which cli reads');
  const fewer = new Map([...read].filter(([name]) => name !== 'SPIRE_CONFIG_DIR'));
  expect(() => configurationPage([], fewer)).toThrow(/SPIRE_CONFIG_DIR .* nothing reads it/);
});
