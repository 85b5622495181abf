import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { type FaultProxy, type PostgresAccess, startFaultProxy } from '@spire/servers';
import pg from 'pg';
import { openBare } from './bare-subject.ts';
import type { Wishes } from './fault.ts';
import type { Journal } from './journal.ts';
import { openSpire } from './spire-subject.ts';
import type { Side, Subject, SubjectTerms } from './subject.ts';
import { openVaultDoor, SECRET_PATH, type VaultDoor } from './vault-door.ts';

/** Marks what may be seen nowhere. */
export const CANARY = 'canary';
export const newSecret = () => `${CANARY}-${randomBytes(12).toString('hex')}`;

/** A subject, and how many of its connections somebody has now. */
export interface WatchedSubject extends Subject {
  lent(): number;
}

/** One side, on its way through a proxy to a database of its own, with a Vault beside. */
export interface Stage {
  readonly side: Side;
  readonly server: PostgresAccess;
  readonly database: string;
  readonly role: string;
  /** The superuser, in the database, past the proxy. */
  readonly admin: pg.Client;
  readonly proxy: FaultProxy;
  readonly vault: VaultDoor;
  readonly journal: Journal;
  /** All that were opened. */
  readonly subjects: readonly WatchedSubject[];
  /** What a subject that is opened like this is told. */
  terms(wishes?: Wishes & Partial<SubjectTerms>): SubjectTerms;
  /** Connects, with the fault's own wishes and these. */
  open(wishes?: Wishes & Partial<SubjectTerms>): Promise<Subject>;
  /** Ends all connections of the role, and waits until Postgres has. @returns how many there were. */
  terminate(): Promise<number>;
  /** Gives the role another password in Postgres. */
  changePassword(): Promise<void>;
  /** Puts the role's password into Vault. */
  publishPassword(): Promise<unknown>;
  /** The role's sessions that Postgres has. */
  sessions(): Promise<number>;
}

/** Prepares everything for one run. @param end collects what has to be ended afterwards. */
export async function setStage(
  side: Side,
  server: PostgresAccess,
  template: string,
  journal: Journal,
  wishes: Wishes,
  end: (() => Promise<unknown>)[],
): Promise<Stage> {
  const name = `fault_${process.pid}_${randomBytes(3).toString('hex')}`;
  await server.createDatabase(name, { template });
  end.unshift(() => server.dropDatabase(name));
  const admin = new pg.Client({ connectionString: server.connectionString(name) });
  admin.on('error', () => {});
  await admin.connect();
  let password = newSecret();
  // Few rounds: who connects a thousand times is tested, not how long a password is stirred.
  await admin.query(`
    set scram_iterations = 64;
    create role ${name} login password '${password}' in role pg_read_all_data, pg_write_all_data;
    create table public.fault_items (id int primary key, value text not null);
    insert into public.fault_items values (1, '0'), (2, '0')`);
  end.unshift(async () => {
    await admin.query(`drop owned by ${name}; drop role ${name}`);
    await admin.end();
  });
  const proxy = await startFaultProxy({ target: server });
  end.unshift(() => proxy.close());
  const vault = await openVaultDoor(newSecret());
  end.unshift(() => vault.close());
  await vault.put(name, password);

  const subjects: WatchedSubject[] = [];
  const terms: Stage['terms'] = (more = {}) => ({
    host: proxy.host,
    port: proxy.port,
    database: name,
    user: name,
    password,
    max: 10,
    connectMillis: 5000,
    vault: { address: vault.address, token: vault.token, path: SECRET_PATH },
    ...wishes,
    ...more,
  });
  const open: Stage['open'] = async (more) => {
    const subject = await (side === 'spire' ? openSpire(terms(more)) : openBare(terms(more)));
    let lent = 0;
    subject.pool.on('acquire', () => {
      lent += 1;
    });
    subject.pool.on('release', () => {
      lent -= 1;
    });
    subjects.push({ ...subject, lent: () => lent });
    return subject;
  };
  const sessions = async () => {
    const { rows } = await admin.query(
      'select count(*)::int as n from pg_stat_activity where usename = $1',
      [name],
    );
    return rows[0].n as number;
  };
  return {
    side,
    server,
    database: name,
    role: name,
    admin,
    proxy,
    vault,
    journal,
    subjects,
    terms,
    open,
    async terminate() {
      const { rows } = await admin.query(
        `select array_agg(pid) filter (where pg_terminate_backend(pid)) as pids
         from pg_stat_activity where usename = $1`,
        [name],
      );
      const pids: number[] = rows[0].pids ?? [];
      await until(async () => {
        const left = 'select from pg_stat_activity where pid = any($1) and usename = $2';
        return (await admin.query(left, [pids, name])).rowCount === 0;
      });
      return pids.length;
    },
    async changePassword() {
      password = newSecret();
      await admin.query(`alter role ${name} password '${password}'`);
    },
    publishPassword: () => vault.put(name, password),
    sessions,
  };
}

/** The socket of a connection. */
export function socketOf(client: pg.PoolClient): Socket {
  return (client as unknown as { connection: { stream: Socket } }).connection.stream;
}

/** Waits until something is so. @returns whether it came to that in time. */
export async function until(
  isSo: () => boolean | Promise<boolean>,
  millis = 5000,
): Promise<boolean> {
  const deadline = performance.now() + millis;
  while (!(await isSo())) {
    if (performance.now() > deadline) return false;
    await pause(5);
  }
  return true;
}
