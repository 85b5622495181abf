import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { readFingerprint, readLedger } from '@spire/migrate';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { backUp } from '../src/archive/back-up.ts';
import { codeOf, told, useArchiveSource, verify } from './archive-source.ts';
import { contentOf } from './content-of.ts';

const hasPsql = spawnSync('psql', ['--version']).status === 0;
if (!hasPsql) console.log("Skipped: an archive restored by psql alone, since psql isn't here");

const origin = useArchiveSource('archive');
const { sides, folder, at, sessions } = origin;

describe('an archive', () => {
  const file = at('plain.tar.zst');
  beforeAll(async () => {
    await backUp(sessions, file, told);
  });

  it('is readable by its owner alone, and nothing else is left', () => {
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).filter((name) => name.includes('part'))).toEqual([]);
  });

  it('says of itself what it is, and holds each row', async () => {
    const { header, tables, checksums } = await verify(file);
    expect(header).toMatchObject({
      format: 'spire-backup',
      ...told,
      postgresMajor: inject('postgresMajor'),
      head: '0012_dfp_orders',
      alembic: null,
    });
    expect(header.ledger).toHaveLength(13);
    const content = await contentOf(origin.client);
    for (const { name, rows } of tables) {
      expect([name, rows]).toEqual([name, Number(content[`public.${name}`]?.split(' ')[0])]);
    }
    const names = checksums.map(({ name }) => name);
    expect([...names.slice(0, 7), ...names.slice(-4)]).toEqual([
      'spire-backup.json',
      'schema.sql',
      'data/drizzle/__drizzle_migrations.001.copy',
      'data/spire/legacy_rows.001.copy',
      'data/spire/migrations.001.copy',
      'data/spire/quarantine.001.copy',
      'data/Every%20%22type%27.001.copy',
      'data/workflow_tags.001.copy',
      'data/workflows.001.copy',
      'indexes.sql',
      'restore.sql',
    ]);
    expect(JSON.stringify(header)).not.toContain(sides.server.host);
  });

  it.skipIf(!hasPsql)('is restored by tar and psql alone', async () => {
    const restored = await sides.empty('staging');
    const unpacked = at('unpacked');
    mkdirSync(unpacked);
    const tar = spawnSync('tar', ['--zstd', '-xf', file, '-C', unpacked], { encoding: 'utf8' });
    expect(tar.stderr).toBe('');
    const psql = spawnSync(
      'psql',
      ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', 'restore.sql', restored.url],
      { cwd: unpacked, encoding: 'utf8' },
    );
    expect(psql.stderr).toBe('');
    expect(psql.status).toBe(0);
    const { 'spire.environment': _, ...content } = await contentOf(origin.client);
    expect(await contentOf(restored.client)).toEqual(content);
    expect(await readLedger(restored.client)).toEqual(await readLedger(origin.client));
    expect(await readFingerprint(restored.client)).toBeUndefined();
    // Sequences go on where the rows end, also those of the books.
    await restored.client.query(`
      insert into referring (every_id) select every_id from referring limit 1;
      insert into "Every ""type'" (key) values (gen_random_uuid());
      insert into spire.quarantine (source_table, reason, row) values ('x', 'y', '{}');
      insert into drizzle.__drizzle_migrations (hash) values ('x')`);
  });

  it('is not begun in a place that is taken, missing or not to be written', async () => {
    expect(await codeOf(backUp(sessions, file, told))).toBe('FILE_UNWRITABLE');
    expect(await codeOf(backUp(sessions, at('nowhere/x.tar.zst'), told))).toBe('FILE_UNWRITABLE');
    mkdirSync(at('shut'));
    chmodSync(at('shut'), 0o500);
    if (process.getuid?.() === 0) console.log('Skipped: a shut folder, which is open to root');
    else expect(await codeOf(backUp(sessions, at('shut/x.tar.zst'), told))).toBe('FILE_UNWRITABLE');
    expect((await verify(file)).header.environment).toBe('staging');
  });
});
