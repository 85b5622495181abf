import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { backUp } from '../src/archive/back-up.ts';
import type { Session } from '../src/session.ts';
import { told, useArchiveSource, verify } from './archive-source.ts';
import { contentOf } from './content-of.ts';

const origin = useArchiveSource('back_up');
const { folder, at, sessions } = origin;

describe('a backup', () => {
  it('is of one moment, whatever is written meanwhile', async () => {
    const file = at('moment.tar.zst');
    let wrote: Promise<unknown> | undefined;
    await backUp(sessions, file, {
      ...told,
      onStep: () => {
        wrote ??= origin.client.query(`delete from workflow_tags; insert into empty values (1)`);
      },
    });
    await wrote;
    const rowsOf = async (name: string) => {
      const { tables } = await verify(file);
      return tables.find((table) => table.name === name)?.rows;
    };
    expect(await rowsOf('workflow_tags')).toBeGreaterThan(0);
    expect(await rowsOf('empty')).toBe(0);
    expect((await contentOf(origin.client))['public.workflow_tags']).toBe('0 ');
  });

  it('finds every row though somebody would truncate a table as soon as it has begun', async () => {
    const file = at('truncated.tar.zst');
    let truncated: Promise<unknown> | undefined;
    const connect = async () => {
      const session = await sessions.connect();
      const query = session.query.bind(session) as (...asked: unknown[]) => unknown;
      const asking = async (...asked: unknown[]) => {
        const begun = /set search_path/.test(String(asked[0]));
        if (begun) {
          truncated ??= origin.client
            .query(`set lock_timeout to '100ms'; truncate history`)
            .catch(({ code }) => code);
          await truncated;
        }
        return query(...asked);
      };
      return Object.assign(session, {
        query: (...asked: unknown[]) =>
          typeof asked[0] === 'string' ? asking(...asked) : query(...asked),
      }) as Session;
    };
    await backUp({ connect }, file, told);
    expect(await truncated).toBe('55P03');
    const { tables } = await verify(file);
    expect(tables.find(({ name }) => name === 'history')?.rows).toBeGreaterThan(0);
  });

  it('that is called off leaves nothing', async () => {
    const controller = new AbortController();
    const file = at('off.tar.zst');
    const run = backUp(sessions, file, {
      ...told,
      signal: controller.signal,
      onStep: () => controller.abort(),
    });
    await expect(run).rejects.toMatchObject({ name: 'AbortError' });
    expect(readdirSync(folder).filter((name) => name.startsWith('off'))).toEqual([]);
  });

  it('whose session is ended leaves nothing', async () => {
    const file = at('ended.tar.zst');
    const run = backUp(sessions, file, {
      ...told,
      onStep: () =>
        void origin.client.query(`select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid()`),
    });
    await expect(run).rejects.toThrow();
    expect(readdirSync(folder).filter((name) => name.startsWith('ended'))).toEqual([]);
  });

  it('that is killed leaves nothing under its name', async () => {
    const file = at('killed.tar.zst');
    const child = spawn(process.execPath, [join(import.meta.dirname, 'killed-backup.ts')], {
      env: {
        ...process.env,
        DATABASE: origin.url,
        FILE: file,
      },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const [, signal] = await once(child, 'exit');
    expect(signal).toBe('SIGKILL');
    expect(existsSync(file)).toBe(false);
    // Under another it is, and the next one removes it, but not what somebody is still writing.
    const parts = () => readdirSync(folder).filter((name) => name.endsWith('.part'));
    expect(parts()).toEqual([expect.stringMatching(/^killed\.tar\.zst\..*\.\d+\.part$/)]);
    const kept = [
      `living.tar.zst.${hostname()}.${process.ppid}.part`,
      `elsewhere.tar.zst.elsewhere.${child.pid}.part`,
      `of-somebody.${hostname()}.${child.pid}.part`,
    ];
    for (const name of kept) writeFileSync(at(name), '');
    await backUp(sessions, at('next.tar.zst'), told);
    expect(parts().sort()).toEqual(kept.sort());
    for (const name of kept) rmSync(at(name));
    await backUp(sessions, file, told);
    expect((await verify(file)).header.environment).toBe('staging');
  });

  it('by somebody who may not read a table says which one', async () => {
    const role = `archive_reader_${process.pid}`;
    await origin.client.query(`create role ${role}; grant usage on schema drizzle, spire to ${role};
      grant select on all tables in schema public, drizzle, spire to ${role};
      revoke select on referring from ${role}`);
    const reader = {
      async connect() {
        const session = await sessions.connect();
        await session.query(`set role ${role}`);
        return session;
      },
    };
    await expect(backUp(reader, at('reader.tar.zst'), told)).rejects.toMatchObject({
      code: 'TABLE_UNREADABLE',
      message: expect.stringContaining('referring'),
    });
    await origin.client.query(`grant select on referring to ${role}`);
    await backUp(reader, at('reader.tar.zst'), told);
    await origin.client.query(`drop owned by ${role}; drop role ${role}`);
  });
});
