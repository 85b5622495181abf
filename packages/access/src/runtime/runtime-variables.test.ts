import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { readProcess } from './read-process.ts';
import { HIDDEN, knownVariables } from './runtime-variables.ts';

const LATER = '{{secrets/a/later}}';

describe('knownVariables', () => {
  it('keeps those that Spire knows, in the order of its table', () => {
    const variables = knownVariables([
      ['DEPLOYMENT_ENV', 'staging'],
      ['VAULT_ADDR', 'https://vault.example.com'],
      ['DB_HOSTNAME', 'db.example.com'],
      ['AWS_SECRET_ACCESS_KEY', 'canary'],
    ]);
    expect(variables.map(({ name }) => name)).toEqual([
      'DB_HOSTNAME',
      'VAULT_ADDR',
      'DEPLOYMENT_ENV',
    ]);
    expect(inspect(variables, { depth: 9, showHidden: true })).not.toMatch(/canary|example\.com/);
  });

  it.each([
    ['s.1', 'value'],
    ['{{secrets/team/vault-token}}', 'reference'],
    ['{{secrets/team/a.b_c}}', 'reference'],
    ['x{{secrets/team/key}}', 'value'],
    ['{{secrets/team/key}} ', 'value'],
    ['{{secrets/team}}', 'value'],
    ['{{secrets/team/key/more}}', 'value'],
    ['{{ secrets/team/key }}', 'value'],
  ])('takes %j for a %s', (text, kind) => {
    const [variable] = knownVariables([['VAULT_TOKEN', text]]);
    expect(variable).toMatchObject({ name: 'VAULT_TOKEN', kind });
    if (variable?.kind === 'reference') expect(variable.reference).toBe(text);
    if (variable?.kind === 'value') expect(variable.value.reveal()).toBe(text);
  });

  it('knows the hidden from the empty, and from what is no text', () => {
    const given: [string, unknown][] = [
      ['DB_USER', ''],
      ['DB_NAME', undefined],
      ['DB_PORT', 5432],
      ['DB_PASSWORD', HIDDEN],
    ];
    expect(knownVariables(given)).toEqual([{ name: 'DB_PASSWORD', kind: 'hidden' }]);
  });

  it.each([
    [LATER, [{ name: 'DB_USER', kind: 'reference', reference: LATER }]],
    [HIDDEN, [{ name: 'DB_USER', kind: 'hidden' }]],
    ['', []],
  ])('lets the later of two win: %s', (later, variables) => {
    const given: [string, unknown][] = [
      ['DB_USER', '{{secrets/a/earlier}}'],
      ['DB_USER', later],
    ];
    expect(knownVariables(given)).toEqual(variables);
  });
});

describe('readProcess', () => {
  it('reads the variables it is given', () => {
    const { description, variables } = readProcess({ DB_USER: 'ann', DB_NAME: undefined });
    expect(description).toBe('this process');
    expect(variables).toMatchObject([{ name: 'DB_USER', kind: 'value' }]);
  });
});
