import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import type { Fault } from './fault.ts';
import { type Stage, until } from './stage.ts';
import type { Subject } from './subject.ts';

const several = <T>(count: number, run: () => Promise<T>) =>
  Promise.all(Array.from({ length: count }, run));

/** Opens ten connections, and loses them and the password at once. */
async function loseAll(stage: Stage, publish: boolean): Promise<Subject> {
  const { open, journal, changePassword, publishPassword, terminate } = stage;
  const subject = await open();
  await several(10, () => subject.pool.query('select pg_sleep(0.05)'));
  await journal.strike(async () => {
    await changePassword();
    if (publish) await publishPassword();
    await terminate();
  });
  await until(() => subject.pool.totalCount === 0);
  return subject;
}

export const rotated: Fault = {
  row: 12,
  title: 'the password is rotated and all connections are killed, then 200 callers come',
  async run(stage) {
    const { journal, vault } = stage;
    const before = vault.reads().length;
    const { orm } = await loseAll(stage, true);
    const opened = vault.reads().length;
    await several(200, () => journal.attempt(() => orm.execute(sql`select 1`), 8000));
    return { reads: vault.reads().length - opened, atStart: opened - before };
  },
};

export const vaultLags: Fault = {
  row: 13,
  title: 'the password is rotated, and Vault has it two seconds later',
  async run(stage) {
    const { journal, vault, publishPassword } = stage;
    const { orm } = await loseAll(stage, false);
    const before = vault.reads().length;
    const callers = several(20, () => journal.attempt(() => orm.execute(sql`select 1`), 10_000));
    await pause(2000 - journal.sinceStrike);
    await publishPassword();
    journal.heal();
    await callers;
    await journal.attempt(() => orm.execute(sql`select 1`), 10_000);
    return { reads: vault.reads().length - before };
  },
};

export const wrongForGood: Fault = {
  row: 14,
  title: 'the password in Vault is wrong and stays so',
  lasts: true,
  async run(stage) {
    const { journal, vault, proxy } = stage;
    const { orm } = await loseAll(stage, false);
    const batch = async () => {
      const [connects, reads] = [proxy.accepted, vault.reads().length];
      await several(20, () => journal.attempt(() => orm.execute(sql`select 1`), 10_000));
      return { connects: proxy.accepted - connects, reads: vault.reads().length - reads };
    };
    return { first: await batch(), second: await batch() };
  },
};

export const leaseEnds: Fault = {
  row: 15,
  title: "a dynamic user's lease reaches its longest life under 50 queries a second",
  async run({ side, server, vault, open, journal, admin, database }) {
    const { host, port, user, password } = server;
    await vault.ask('POST', 'sys/mounts/database', { type: 'database' });
    await vault.ask('POST', 'database/config/main', {
      plugin_name: 'postgresql-database-plugin',
      connection_url: `postgresql://{{username}}:{{password}}@${host}:${port}/${database}`,
      username: user,
      password,
      allowed_roles: '*',
    });
    await vault.ask('POST', 'database/roles/reader', {
      db_name: 'main',
      creation_statements: `create role "{{name}}" login password '{{password}}' in role pg_read_all_data`,
      default_ttl: '4s',
      max_ttl: '6s',
    });
    const path = 'database/creds/reader';
    const own = { address: vault.address, token: vault.token, path };
    const given = side === 'bare' ? (await vault.ask('GET', path)).data : undefined;
    const { username } = (given ?? {}) as { username?: string };
    const { pool } = await open({
      vault: own,
      ...(given ? { user: username, password: (given as { password: string }).password } : {}),
    });
    const users = new Set<string>();
    let outlived = 0;
    let going = true;
    await journal.strike(() => {});
    const load = journal.load(
      50,
      () => going,
      async () => {
        const { rows } = await pool.query('select current_user as name, count(*) from fault_items');
        users.add(rows[0].name);
      },
    );
    // A session whose user is gone has no name.
    const orphans = `select from pg_stat_activity where datname = $1 and usename is null
      and backend_type = 'client backend'`;
    while (journal.sinceStrike < 7500) {
      outlived += (await admin.query(orphans, [database])).rowCount ?? 0;
      await pause(50);
    }
    going = false;
    await load;
    if (side === 'bare') await vault.ask('POST', 'sys/leases/revoke-prefix/database', {});
    return { users: users.size, outlived };
  },
};
