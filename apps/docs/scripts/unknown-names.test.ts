import { expect, it } from 'vitest';
import { unknownNames } from './unknown-names.ts';

const known = new Set(['VAULT_DENIED', 'DB_HOSTNAME']);

it('names what looks like a code or a variable, and is none', () => {
  const page = [
    '`VAULT_DENIED`, `DB_HOSTNAME=db.example.com`, `PGSSL_MODE`, `select A_B`, NOT_MARKED',
    '`VAULT_DENYED` and `DB_HOST_NAME: db`, `VAULT_DENYED` again',
    '```sh\necho `IN_A_BLOCK`\n```',
  ].join('\n');
  expect(unknownNames(page, known)).toEqual(['VAULT_DENYED', 'DB_HOST_NAME']);
});
