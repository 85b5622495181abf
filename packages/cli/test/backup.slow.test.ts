import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProtected } from './protected-databases.ts';
import { ended, type Home } from './spire-process.ts';
import { hasTerminal, onTerminal } from './terminal.ts';

let databases: Awaited<ReturnType<typeof startProtected>>;
let home: Home;
const at = (...names: string[]) => join(home.directory, ...names);

beforeAll(async () => {
  databases = await startProtected();
  // The only row there that refers to nothing.
  await databases.withClient('vital', (client) => client.query('delete from workflow_job_configs'));
  home = databases.newHome();
  expect((await home.spire(['quickstart', '--no-shim'])).exitCode).toBe(0);
});
afterAll(async () => {
  await home?.end();
  await databases?.stop();
});

const countOf = async (table: string) => {
  const { rows } = await home.json('db', 'query', `select count(*) from ${table}`, '-e', 'local');
  return Number(rows[0][0]);
};

describe('of local', () => {
  const on = ['-e', 'local'];

  it('goes into a folder that is its owner’s, and is listed there', async () => {
    const { stdout: none } = await home.spire(['db', 'backups']);
    expect(none).toMatch(/^There is no backup in /);
    const { file, bytes, tables } = await home.json('db', 'backup', ...on);
    expect(file).toMatch(/[\\/]\.spire[\\/]backups[\\/]local-\d{8}T\d{6}Z\.tar\.zst$/);
    expect(statSync(at('.spire', 'backups')).mode & 0o777).toBe(0o700);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(tables).toContainEqual({ name: 'workflows', rows: 61 });
    const { backups } = await home.json('db', 'backups');
    expect(backups).toMatchObject([
      { file, bytes, environment: 'local', encrypted: false, head: expect.any(String) },
    ]);
    expect((await home.json('db', 'backups', '-e', 'staging')).backups).toEqual([]);
  });

  it('is said line by line, with the line that restores it', async () => {
    const file = at('lines.tar.zst');
    const { stdout, stderr } = await home.spire(['db', 'backup', ...on, '--to', file]);
    expect(stdout).toMatch(/^Wrote .*lines\.tar\.zst \(\d/);
    expect(stderr).toMatch(/workflows \(61 rows, /);
    expect(stderr).toMatch(/Restore it: spire db restore '.*lines\.tar\.zst' -e local\n/);
    expect(stderr).not.toContain('\u001b');
    expect((await home.spire(['db', 'backup', ...on, '--to', file])).exitCode).toBe(2);
  });

  it('comes first when everything is removed, and brings it back', async () => {
    const { stdout, stderr } = await home.spire(['db', 'empty', ...on]);
    expect(stdout).toMatch(/^Removed \d+ rows from 16 tables of local\.\n$/);
    expect([await countOf('workflows'), await countOf('history')]).toEqual([0, 0]);
    expect((await home.json('migrate', 'status', ...on)).environments).toMatchObject([
      { claimedAs: 'local', pending: [] },
    ]);
    const line = /Bring them back: spire (.*)/.exec(stderr)?.[1] ?? '';
    const { status } = spawnSync('/bin/sh', ['-c', `'${process.execPath}' '${home.bin}' ${line}`], {
      env: home.variables,
    });
    expect(status).toBe(0);
    expect([await countOf('workflows'), await countOf('history')]).toEqual([61, 5401]);
  });

  it('can be left out when local is emptied, and there alone', async () => {
    const before = readdirSync(at('.spire', 'backups'));
    const emptied = await home.json('db', 'empty', ...on, '--no-backup');
    expect(emptied).toMatchObject({ environment: 'local', backup: null });
    expect(readdirSync(at('.spire', 'backups'))).toEqual(before);
    await home.spire(['db', 'restore', at('lines.tar.zst'), ...on]);
    expect(await countOf('workflows')).toBe(61);
    const elsewhere = await home.json('db', 'empty', '-e', 'legacy', '--no-backup');
    expect(elsewhere.error.code).toBe('TARGET_PROTECTED');
  });

  it('that is encrypted is opened by its passphrase, or by an identity', async () => {
    const file = at('secret.tar.zst.age');
    const call = ['db', 'backup', ...on, '--to', file, '--encrypt'];
    const unasked = await home.spire(call);
    expect([unasked.exitCode, unasked.stderr]).toEqual([
      2,
      expect.stringContaining('SPIRE_BACKUP_PASSPHRASE'),
    ]);
    home.variables.SPIRE_BACKUP_PASSPHRASE = 'four words of mine';
    expect(await home.json(...call.slice(0, -1), '--encrypt')).toMatchObject({ encrypted: true });
    const restore = ['db', 'restore', file, ...on, '--dry-run'];
    expect(await home.json(...restore)).toMatchObject({ receipt: null, replaced: 'tables' });
    home.variables.SPIRE_BACKUP_PASSPHRASE = 'four words of yours';
    expect((await home.json(...restore)).error.code).toBe('ARCHIVE_LOCKED');
    delete home.variables.SPIRE_BACKUP_PASSPHRASE;

    writeFileSync(at('identity.txt'), `# created: now\n# public key: age1\n${IDENTITY}\n`);
    const forHolder = at('holder.tar.zst.age');
    await home.json('db', 'backup', ...on, '--to', forHolder, '--recipient', RECIPIENT);
    const opened = await home.json(
      'db',
      'restore',
      forHolder,
      ...on,
      '--dry-run',
      '--identity',
      at('identity.txt'),
    );
    expect(opened.archive.environment).toBe('local');
  });

  it.skipIf(!hasTerminal)('asks for its passphrase twice, and shows nothing of it', async () => {
    const file = at('typed.tar.zst.age');
    const call = ['db', 'backup', ...on, '--to', file, '--encrypt'];
    const differing = await onTerminal(home, call, [
      [/Passphrase: /, 'one\r'],
      [/Once more: /, 'two\r'],
    ]);
    expect([differing.exitCode, differing.stdout]).toEqual([2, expect.stringMatching(/differ/)]);
    const { exitCode, stdout } = await onTerminal(home, call, [
      [/Passphrase: /, 'typed words\r'],
      [/Once more: /, 'typed words\r'],
    ]);
    expect(exitCode).toBe(0);
    expect(stdout).not.toContain('typed words');
    const opened = await onTerminal(
      home,
      ['db', 'restore', file, ...on, '--dry-run'],
      [[/Passphrase of the archive: /, 'typed words\r']],
    );
    expect(opened.stdout).toMatch(/archive +local, taken at/);
  });

  it('that is interrupted leaves nothing', async () => {
    const file = at('interrupted.tar.zst.age');
    home.variables.SPIRE_BACKUP_PASSPHRASE = 'four words of mine';
    const child = home.start(['db', 'backup', ...on, '--to', file, '--encrypt']);
    const part = () => readdirSync(home.directory).some((name) => name.endsWith('.part'));
    const deadline = Date.now() + 20_000;
    while (!part() && Date.now() < deadline) await new Promise(setImmediate);
    child.kill('SIGINT');
    const { exitCode, stderr } = await ended(child);
    delete home.variables.SPIRE_BACKUP_PASSPHRASE;
    expect([exitCode, stderr]).toEqual([
      130,
      expect.stringMatching(/Interrupted\. Nothing is left/),
    ]);
    expect(readdirSync(home.directory).filter((name) => name.startsWith('interrupted'))).toEqual(
      [],
    );
  });

  it('that was altered, or is none, changes nothing', async () => {
    const bytes = readFileSync(at('lines.tar.zst'));
    writeFileSync(at('cut.tar.zst'), bytes.subarray(0, bytes.length >> 1));
    expect((await home.json('db', 'restore', at('cut.tar.zst'), ...on)).error.code).toBe(
      'ARCHIVE_DAMAGED',
    );
    writeFileSync(at('text.tar.zst'), 'select 1');
    expect((await home.json('db', 'restore', at('text.tar.zst'), ...on)).error.code).toBe(
      'ARCHIVE_FOREIGN',
    );
    const missing = await home.spire(['db', 'restore', at('missing'), ...on]);
    expect(missing.exitCode).toBe(2);
    expect(await countOf('workflows')).toBe(61);
  });
});

describe('of a protected environment', () => {
  const on = ['-e', 'vital'];
  const file = () => at('vital.tar.zst');

  it('is taken without being asked, and says what snapshots are for', async () => {
    const before = await databases.contentHash(['vital']);
    const { exitCode, stderr } = await home.spire(['db', 'backup', ...on, '--to', file()]);
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/RDS snapshots/);
    expect(await databases.contentHash(['vital'])).toBe(before);
  });

  it('goes into that one alone', async () => {
    const { error } = await home.json('db', 'restore', file(), '-e', 'local');
    expect(error).toMatchObject({
      code: 'ARCHIVE_PROTECTED',
      suggestions: expect.arrayContaining([
        'Bring its rows over masked: spire db refresh -e local --from vital',
      ]),
    });
    expect(await countOf('workflows')).toBe(61);
  });

  it('is restored when exactly that plan is confirmed', async () => {
    const before = await databases.contentHash(['vital']);
    await databases.withClient('vital', (client) =>
      client.query(`update workflows set description = 'changed'`),
    );
    const restore = ['db', 'restore', file(), ...on];
    for (const words of [[], ['--confirm', 'vital'], ['--confirm', 'vital:0123456789ab']]) {
      expect((await home.spire([...restore, ...words])).exitCode).toBe(3);
    }
    const { stderr } = await home.spire(restore);
    const [, word = ''] = / --confirm (\S+)/.exec(stderr) ?? [];
    const restored = await home.spire([...restore, '--confirm', word]);
    expect(restored.exitCode).toBe(0);
    const { rows } = await databases.withClient('vital', (client) =>
      client.query(`select count(*)::int as n from workflows where description = 'changed'`),
    );
    expect(rows).toEqual([{ n: 0 }]);
    expect(await databases.contentHash(['vital'])).not.toBe(before);
  });

  it('is never emptied', async () => {
    const { error } = await home.json('db', 'empty', ...on, '--confirm', 'vital');
    expect(error.code).toBe('TARGET_PROTECTED');
  });
});

const IDENTITY = 'AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX';
const RECIPIENT = 'age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj';
