import { subscribe } from 'node:diagnostics_channel';
import { mock } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { CredentialEvent, SpireDBConnector } from '../../src/index.ts';
import type { Fault } from './fault.ts';
import { newSecret, type Stage } from './stage.ts';
import type { Subject } from './subject.ts';
import { API_PATH } from './vault-door.ts';

// What a Vault does that isn't well. There is nothing beside it: bare pg knows no Vault.

const isRead = (method: string, path: string) => method === 'GET' && path === API_PATH;

function connectorOf({ spire }: Subject): SpireDBConnector {
  if (!spire) throw new Error('this is about the connector');
  return spire;
}

/** Queries at a rate until something is done. @returns what became of that. */
async function underLoad<T>({ journal }: Stage, { pool }: Subject, run: () => Promise<T>) {
  let going = true;
  const load = journal.load(
    100,
    () => going,
    () => pool.query('select 1'),
  );
  try {
    return await run();
  } finally {
    going = false;
    await load;
  }
}

/** The code of what is thrown; `none`. */
const codeFrom = (run: Promise<unknown>) =>
  run.then(
    () => 'none',
    (error: { code?: string }) => error.code ?? String(error),
  );

const policy = (capability: string) => ({
  policy: `path "secret/*" { capabilities = ["${capability}"] }
    path "sys/internal/*" { capabilities = ["read"] }`,
});
const auth = () => ({ method: 'approle', roleId: 'r', secretId: newSecret() }) as const;

export const tokenEnds: Fault = {
  row: 16,
  title: "the token of a service's login has ended",
  async run({ open, vault, journal, publishPassword }) {
    await vault.ask('PUT', 'sys/policies/acl/reader', policy('read'));
    const subject = await open({ spire: { auth: auth() } });
    await publishPassword();
    const [logins, reads] = [vault.count('POST auth/approle/login'), vault.reads().length];
    await journal.strike(vault.endLogins);
    const outcome = await journal.attempt(() => connectorOf(subject).rotateCredentials());
    return {
      logins: vault.count('POST auth/approle/login') - logins,
      answered: vault
        .reads()
        .slice(reads)
        .filter(({ status }) => status === 200).length,
      changed: outcome.ok && outcome.value.changed,
    };
  },
};

export const policyDenies: Fault = {
  row: 16,
  title: "a policy takes a service's right away",
  async run({ open, vault, journal, publishPassword }) {
    await vault.ask('PUT', 'sys/policies/acl/reader', policy('read'));
    const subject = await open({ spire: { auth: auth() } });
    await publishPassword();
    const logins = vault.count('POST auth/approle/login');
    await journal.strike(() => vault.ask('PUT', 'sys/policies/acl/reader', policy('deny')));
    const code = await codeFrom(connectorOf(subject).rotateCredentials());
    await journal.attempt(() => subject.pool.query('select 1'));
    return { code, logins: vault.count('POST auth/approle/login') - logins };
  },
};

export const longLife: Fault = {
  row: 17,
  title: 'token and secret live 768 hours',
  async run({ open, vault, journal }) {
    await vault.ask('PUT', 'sys/policies/acl/reader', policy('read'));
    vault.login = { policies: ['reader'], ttl: '768h' };
    let warnings = 0;
    process.on('warning', () => {
      warnings += 1;
    });
    // A timer that is set too far fires at once, but only a real one does.
    const { pool } = await open({ spire: { auth: auth() } });
    await journal.strike(() => pause(1000));
    await journal.attempt(() => pool.query('select 1'));
    const really = vault.requests.length;
    await pause(500);
    const after = vault.requests.length - really;
    return withFakeClock(async () => {
      await open({ spire: { auth: auth() } });
      const before = vault.requests.length;
      mock.timers.tick(60_000);
      await settle();
      return { after, warnings, inAMinute: vault.requests.length - before };
    });
  },
};

/** Lets what timers have begun come to an end, without a timer. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

export const rateLimited: Fault = {
  row: 18,
  title: 'Vault answers 429 with Retry-After: 2',
  async run(stage) {
    const { open, vault, journal, publishPassword } = stage;
    const subject = await open();
    await publishPassword();
    const before = vault.reads().length;
    await journal.strike(() => {
      vault.misbehave = (method, path) =>
        isRead(method, path) && vault.reads().length === before + 1
          ? { status: 429, headers: { 'Retry-After': '2' } }
          : undefined;
    });
    const code = await underLoad(stage, subject, () =>
      codeFrom(connectorOf(subject).rotateCredentials()),
    );
    const [first, second] = vault.reads().slice(before);
    return { code, gap: (second?.at ?? 0) - (first?.at ?? 0) };
  },
};

export const twoErrors: Fault = {
  row: 19,
  title: 'Vault answers 500 twice, then well',
  async run({ open, vault, journal }) {
    await journal.strike(() => {
      vault.misbehave = (method, path) =>
        isRead(method, path) && vault.reads().length <= 2 ? { status: 500 } : undefined;
    });
    const outcome = await journal.attempt(() => open());
    const times = vault.reads().map(({ at }) => at);
    const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    return { opened: outcome.ok, hits: times.length, gaps };
  },
};

const SEALED = { status: 503, body: '{"errors":["Vault is sealed"]}' };

export const sealedWarm: Fault = {
  row: 20,
  title: 'Vault is sealed while the connector runs, and is asked for another password',
  async run(stage) {
    const { open, vault, journal } = stage;
    const subject = await open();
    const spire = connectorOf(subject);
    await journal.strike(() => {
      vault.misbehave = () => SEALED;
    });
    const { code, state, healthy } = await underLoad(stage, subject, async () => {
      const code = await codeFrom(spire.rotateCredentials());
      await pause(300);
      return { code, ...(await spire.healthCheck()) };
    });
    vault.misbehave = undefined;
    return { code, state, healthy };
  },
};

export const sealedCold: Fault = {
  row: 20,
  title: 'Vault is sealed when the connector is opened',
  lasts: true,
  async run({ open, vault, journal }) {
    await journal.strike(() => {
      vault.misbehave = () => SEALED;
    });
    const { millis } = await journal.attempt(() => open());
    vault.misbehave = undefined;
    return { millis };
  },
};

export const standbys: Fault = {
  row: 21,
  title: 'the first Vault of two answers 472, 473, 474, and its health 473 while it reads',
  async run({ open, vault, journal, terms }) {
    const both = { ...terms().vault, address: `${vault.address},${vault.backDoor}` };
    await journal.strike(() => {});
    for (const status of [472, 473, 474]) {
      vault.misbehave = () => ({ status, body: '{"errors":[]}' });
      await journal.attempt(() => open({ vault: both }));
    }
    vault.misbehave = (_method, path) => (path === 'sys/health' ? { status: 473 } : undefined);
    await journal.attempt(() => open({ vault: both }));
    return { answered: vault.reads().filter(({ status }) => status === 200).length };
  },
};

async function strangeAnswer({ open, vault, journal }: Stage, body: string) {
  await journal.strike(() => {
    vault.misbehave = (method, path) =>
      isRead(method, path)
        ? { status: 200, headers: { 'Content-Type': 'text/html' }, body }
        : undefined;
  });
  const { millis } = await journal.attempt(() => open());
  return { millis };
}

export const hangs: Fault = {
  row: 22,
  title: "Vault takes a request and doesn't answer",
  lasts: true,
  async run({ open, vault, journal }) {
    await journal.strike(() => {
      vault.misbehave = () => 'hang';
    });
    const { millis } = await journal.attempt(() => open(), 15_000);
    return { millis };
  },
};

export const html: Fault = {
  row: 22,
  title: 'a page comes in place of a secret',
  lasts: true,
  run: (stage) => strangeAnswer(stage, `<html><body>${newSecret()}</body></html>`),
};

export const truncated: Fault = {
  row: 22,
  title: 'half a secret comes',
  lasts: true,
  run: (stage) => strangeAnswer(stage, `{"data":{"data":{"user":"u","pwd":"${newSecret()}`),
};

export const downForLong: Fault = {
  row: 23,
  title: 'Vault is down for ten minutes under 100 queries a second',
  async run(stage) {
    let stale = 0;
    subscribe('spire:db:credentials', (event) => {
      if ((event as CredentialEvent).kind === 'stale') stale += 1;
    });
    return withFakeClock(async () => {
      const subject = await stage.open();
      await tenMinutesWithout(stage, subject);
      return { stale };
    });
  },
};

async function withFakeClock<T>(run: () => Promise<T>): Promise<T> {
  mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'] });
  try {
    return await run();
  } finally {
    mock.timers.reset();
  }
}

/** Queries a hundred times a second, by the fake clock, while Vault is away. */
async function tenMinutesWithout({ vault, journal }: Stage, { pool }: Subject): Promise<void> {
  await journal.strike(() => {
    vault.misbehave = () => 'break';
  });
  const query = () => journal.attempt(() => pool.query('select 1'));
  for (let second = 0; second < 600; second += 1) {
    mock.timers.tick(1000);
    for (let part = 0; part < 10; part += 1) await Promise.all(Array.from({ length: 10 }, query));
  }
  await settle();
  vault.misbehave = undefined;
}
