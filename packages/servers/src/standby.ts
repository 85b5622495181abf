import { randomUUID } from 'node:crypto';
import {
  appendFileSync,
  chownSync,
  copyFileSync,
  existsSync,
  readdirSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { copyCluster } from './copy-cluster.ts';
import { startOn } from './postgres.ts';
import { withoutRoot } from './postgres-binaries.ts';
import { clusterPaths } from './postgres-cluster.ts';
import { PostgresServer } from './postgres-server.ts';

/** How a standby is to be started. */
export interface StartStandbyOptions {
  /** The directory of the programs that the primary runs with, 15 or newer. Default: those from npm. */
  readonly binaries?: string;
  /** More settings of the server, such as `{max_standby_streaming_delay: '0'}`. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A running standby: it may be read until it is promoted, and written to from then on. */
export class StandbyServer extends PostgresServer {
  /** Makes it a primary of its own, and waits until it may be written to. What it follows isn't told. */
  async promote(): Promise<void> {
    await asSuperuser(this, 'select pg_promote(true, 30)');
  }
}

/** A standby has to have room for what the primary has, or it doesn't let anybody read. */
const AS_LARGE_AS_THE_PRIMARY = [
  'max_connections',
  'max_locks_per_transaction',
  'max_prepared_transactions',
  'max_wal_senders',
  'max_worker_processes',
];

/**
 * Starts a hot standby of a running Postgres: a copy of its cluster that follows it by streaming
 * replication. User, password and certificate are the primary's. It ends with this process, and its
 * replication slot with it, unless the primary has ended before.
 *
 * @throws ServersError as `startPostgres`.
 * @example
 * const primary = await startPostgres({lifetime: 'parent'});
 * const standby = await startStandby(primary);
 * await primary.stop();
 * await standby.promote();
 */
export async function startStandby(
  primary: PostgresServer,
  { binaries, settings }: StartStandbyOptions = {},
): Promise<StandbyServer> {
  const slot = `standby_${randomUUID().replaceAll('-', '_')}`;
  const dropSlot = () =>
    asSuperuser(
      primary,
      `select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = '${slot}'`,
    ).catch(() => {});
  await asSuperuser(primary, `select pg_create_physical_replication_slot('${slot}', true)`);
  try {
    const server = await startOn((dataDirectory) => backUp(primary, dataDirectory, slot), {
      lifetime: 'parent',
      tls: primary.ca !== undefined,
      ...(binaries ? { binaries } : {}),
      settings: { ...(await sizesOf(primary)), ...settings },
    });
    return new StandbyServer(server.dataDirectory, server.pid, server.port, async () => {
      await server.stop();
      await dropSlot();
    });
  } catch (error) {
    await dropSlot();
    throw error;
  }
}

/** What `pg_basebackup` does, which npm's Postgres lacks. */
async function backUp(primary: PostgresServer, dataDirectory: string, slot: string): Promise<void> {
  const { cluster } = clusterPaths(dataDirectory);
  const { owner } = withoutRoot('postgres', []);
  const session = await connect(primary);
  try {
    await session.query(`select pg_backup_start('${slot}', true)`);
    copyCluster(clusterPaths(primary.dataDirectory).cluster, cluster);
    const { rows } = await session.query('select labelfile from pg_backup_stop(false)');
    writeFileSync(join(cluster, 'backup_label'), rows[0].labelfile);
  } finally {
    await session.end();
  }
  writeFileSync(join(cluster, 'standby.signal'), '');
  // Not among the arguments, which everybody can see: it holds the password.
  const { host, port, user, password } = primary;
  appendFileSync(
    join(cluster, 'postgresql.auto.conf'),
    `primary_conninfo = 'host=${host} port=${port} user=${user} password=${password} sslmode=disable'
primary_slot_name = '${slot}'
`,
  );
  for (const name of ['ca.pem', 'server.pem', 'server.key']) {
    const file = join(primary.dataDirectory, name);
    if (existsSync(file)) copyFileSync(file, join(dataDirectory, name));
  }
  if (owner === undefined) return;
  for (const path of ['', ...readdirSync(dataDirectory, { encoding: 'utf8', recursive: true })]) {
    chownSync(join(dataDirectory, path), owner, owner);
  }
}

async function sizesOf(primary: PostgresServer): Promise<Record<string, string>> {
  const [sizes] = await asSuperuser(
    primary,
    `select ${AS_LARGE_AS_THE_PRIMARY.map((name) => `current_setting('${name}') as ${name}`)}`,
  );
  return sizes ?? {};
}

async function asSuperuser(
  server: PostgresServer,
  statement: string,
): Promise<Record<string, string>[]> {
  const client = await connect(server);
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

async function connect(server: PostgresServer): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: server.connectionString() });
  await client.connect();
  return client;
}
