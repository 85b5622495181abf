import { expect, it } from 'vitest';
import { ended, Home } from './spire-process.ts';

// Each builds an organisation twice.

it.each([
  ['SIGINT', /Postgres on port/],
  ['SIGKILL', /credential in Vault/],
] as const)(
  'up that was ended by %s after %s is finished by the next one',
  async (signal, line) => {
    const other = new Home();
    try {
      const child = other.start(['practice', 'up']);
      const end = ended(child);
      child.stderr?.on('data', (chunk: Buffer) => {
        if (line.test(chunk.toString())) child.kill(signal);
      });
      const { exitCode, signal: endedBy } = await end;
      expect([exitCode, endedBy]).toEqual(signal === 'SIGINT' ? [130, null] : [null, signal]);
      const { configDirectory } = await other.json('practice', 'up');
      other.variables.SPIRE_CONFIG_DIR = configDirectory;
      const names = `select string_agg(datname, ',' order by datname) from pg_database
      where datname like 'spire%'`;
      const { rows } = await other.json('db', 'query', names, '-e', 'production');
      expect(rows).toEqual([['spire_development,spire_production,spire_staging']]);
    } finally {
      await other.end();
    }
  },
);
