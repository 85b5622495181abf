import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type CredentialsOptions, type DatabaseCredential, openCredentials } from '../src/index.ts';
import { answering } from './answering.ts';
import { stagingEnvironment } from './staging-environment.ts';

// The times of a credential's life, by a clock that the test moves. Vault's side is what a client sees of
// it; with real users it is tried in packages/sdk/test/credentials.integration.test.ts.

const HOUR = 3600_000;
const OWN = { DB_USER: 'me', DB_PASSWORD: 'mine' };

/** What Vault says at a path; a number is a status without more. */
type Answers = Record<string, object | number | ((outgoing: ServerResponse) => void)>;
let answers: Answers;
let asked: string[];
let users: number;
let address: string;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  // In the middle of what chance may give.
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  asked = [];
  users = 0;
  answers = {
    'sys/internal/ui/mounts/database/creds/r': { data: { path: 'database/', type: 'database' } },
    'sys/leases/renew': { lease_duration: 3600 },
    'sys/leases/revoke': 204,
    'auth/approle/login': { auth: { client_token: 'hvs.service', lease_duration: 3600 } },
    'auth/token/renew-self': { auth: { lease_duration: 3600 } },
    'auth/token/revoke-self': 204,
  };
  address = await answering((incoming, outgoing) => {
    const path = incoming.url?.replace('/v1/', '') ?? '';
    asked.push(path);
    if (path === 'database/creds/r' && !(path in answers)) return sayNextUser(outgoing);
    const answer = answers[path] ?? 404;
    if (typeof answer === 'function') return answer(outgoing);
    if (typeof answer === 'object') return say(outgoing, answer);
    outgoing.writeHead(answer).end(answer === 204 ? undefined : '{"errors":["no"]}');
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const say = (outgoing: ServerResponse, answer: object) => void outgoing.end(JSON.stringify(answer));

/** A user of its own for each who asks, for an hour. */
function sayNextUser(outgoing: ServerResponse): void {
  users += 1;
  say(outgoing, {
    lease_id: `database/creds/r/${users}`,
    lease_duration: 3600,
    renewable: true,
    data: { username: `user-${users}`, password: 'p' },
  });
}

function opened(options: CredentialsOptions = {}, more: Readonly<Record<string, string>> = {}) {
  const environment = stagingEnvironment({
    DB_HOSTNAME: 'h',
    VAULT_ADDRESS: address,
    VAULT_TOKEN: 'hvs.own',
    VAULT_READ_PATH: 'database/creds/r',
    ...more,
  });
  const credentials = openCredentials(environment, { attempts: 1, ...options });
  onTestFinished(() => credentials[Symbol.asyncDispose]());
  return credentials;
}

const times = (path: string) => asked.filter((one) => one === path).length;

/** Lets the time pass, and what is due then be done: the next renewals of both are planned again. */
async function pass(millis: number, until: () => void = () => {}): Promise<void> {
  vi.advanceTimersByTime(millis);
  await waitFor(() => {
    until();
    expect(vi.getTimerCount()).toBe(2);
  });
}

/** Lets the time pass until it is so, minute by minute. */
async function passUntil(look: () => void): Promise<void> {
  for (let minute = 0; minute < 120; minute += 1) {
    await pass(60_000);
    try {
      return look();
    } catch {}
  }
  look();
}

/** Looks often; the clock of the test goes on by a millisecond each time. */
const waitFor = <T>(look: () => T | Promise<T>) => vi.waitFor(look, { interval: 1, timeout: 5000 });

describe('a lease', () => {
  it('is renewed at two thirds of its life, and not before', async () => {
    const credentials = opened();
    const first = await credentials.get();
    await pass((2 / 3) * HOUR - 1000);
    expect(times('sys/leases/renew')).toBe(0);
    await pass(1000, () => expect(times('sys/leases/renew')).toBe(1));
    expect(await credentials.get()).toBe(first);
    expect(users).toBe(1);
  });

  it.each([
    ['gets no longer any more', { lease_duration: 60 }],
    ['is gone', 400],
    ['may not be renewed', 403],
  ])('that %s is replaced', async (_, answer) => {
    const changes: DatabaseCredential[] = [];
    const credentials = opened({ onChange: (next) => changes.push(next) });
    await credentials.get();
    answers['sys/leases/renew'] = answer;
    await pass((2 / 3) * HOUR, () => expect(changes.length).toBe(1));
    expect((await credentials.get()).user).toBe('user-2');
  });

  it('is tried again later while Vault is down, and its user stays in use', async () => {
    const credentials = opened({}, OWN);
    const first = await credentials.get();
    answers['sys/leases/renew'] = 500;
    answers['database/creds/r'] = 500;
    await pass((2 / 3) * HOUR, () => expect(times('sys/leases/renew')).toBe(1));
    await pass(10_000, () => expect(times('sys/leases/renew')).toBe(2));
    expect(await credentials.get()).toBe(first);
    answers['sys/leases/renew'] = { lease_duration: 3600 };
    await pass(20_000, () => expect(times('sys/leases/renew')).toBe(3));
    expect(await credentials.get()).toBe(first);
  });

  it('that ended gives way to user and password of its own, and these to another one', async () => {
    const credentials = opened({}, OWN);
    await credentials.get();
    Object.assign(answers, { 'sys/leases/renew': 500, 'database/creds/r': 500 });
    await pass(HOUR);
    expect((await credentials.get()).user).toBe('me');
    delete answers['database/creds/r'];
    await pass(0.1 * HOUR, () => expect(users).toBe(2));
    await waitFor(async () => expect((await credentials.get()).user).toBe('user-2'));
  });
});

describe('a lease that gives way', () => {
  it.each([0, 0.5, 1])('does so with more than a quarter of it left (%f)', async (random) => {
    vi.mocked(Math.random).mockReturnValue(random);
    const left: number[] = [];
    let endsAt = 0;
    const credentials = opened({ onChange: () => left.push(endsAt - Date.now()) });
    await credentials.get();
    // First it gets a bit more than half of what was asked for, then nothing worth while.
    answers['sys/leases/renew'] = { lease_duration: 0.55 * 3600 };
    await passUntil(() => expect(times('sys/leases/renew')).toBe(1));
    endsAt = Number(credentials.status().endsAt);
    answers['sys/leases/renew'] = { lease_duration: 60 };
    await passUntil(() => expect(left.length).toBe(1));
    expect(left[0]).toBeGreaterThan(HOUR / 4);
    expect(left[0]).toBeLessThan(HOUR / 2);
  });

  it('is told of with the one before, and lives on until its end or the end of all', async () => {
    const changes: (string | undefined)[] = [];
    const credentials = opened({
      onChange: (next, previous) => changes.push(previous.user, next.user),
    });
    await credentials.get();
    answers['sys/leases/renew'] = 400;
    await pass((2 / 3) * HOUR, () => expect(changes).toEqual(['user-1', 'user-2']));
    expect(times('sys/leases/revoke')).toBe(0);
    // By then the first is gone by itself, and there is nothing of it to revoke.
    await pass((2 / 3) * HOUR, () => expect(users).toBe(3));
    await credentials[Symbol.asyncDispose]();
    expect(times('sys/leases/revoke')).toBe(2);
  });

  it('ends as soon as Vault says', async () => {
    const credentials = opened();
    await credentials.get();
    Object.assign(answers, { 'sys/leases/renew': { lease_duration: 60 }, 'database/creds/r': 500 });
    await pass((2 / 3) * HOUR, () => expect(times('database/creds/r')).toBe(2));
    expect(credentials.status().version).toBe('1');
    answers['sys/leases/renew'] = 500;
    await pass(60_000);
    expect(credentials.status().version).toBeUndefined();
    await expect(credentials.get()).rejects.toMatchObject({ code: 'VAULT_UNAVAILABLE' });
  });
});

describe('a secret without a lease', () => {
  const KV = { VAULT_READ_PATH: 'secret/db' };
  const mount = 'sys/internal/ui/mounts/secret/db';
  const secret = 'secret/data/db';
  const reads = () => times(secret);
  const say = (version: number) => {
    answers[secret] = {
      data: { data: { user: 'ann', pwd: `p-${version}` }, metadata: { version } },
    };
  };
  beforeEach(() => {
    answers[mount] = { data: { path: 'secret/', type: 'kv', options: { version: '2' } } };
    say(1);
  });

  it('is looked at every five minutes while somebody asks, and else left alone', async () => {
    const credentials = opened({}, KV);
    await credentials.get();
    for (let hour = 0; hour < 10; hour += 1) await pass(HOUR / 10);
    expect(reads()).toBe(1);
    await credentials.get();
    await pass(HOUR / 10, () => expect(reads()).toBe(2));
    await pass(HOUR / 10);
    expect(reads()).toBe(2);
  });

  it('that changed in Vault is another one at the next look', async () => {
    const changes: string[] = [];
    const credentials = opened(
      { onChange: (...both) => changes.push(...both.map(({ version }) => version)) },
      KV,
    );
    await credentials.get();
    await credentials.get();
    say(2);
    await pass(300_000, () => expect(changes).toEqual(['2', '1']));
    expect(credentials.status()).toMatchObject({ version: '2', stale: false });
  });

  it('is stale when Vault fails to give another in its place, and fresh when it can again', async () => {
    const stale = vi.fn();
    const credentials = opened({ onStale: stale }, KV);
    const { version } = await credentials.get();
    const path = 'secret/data/db';
    const before = answers[path];
    answers[path] = 500;
    await expect(credentials.refresh(version)).rejects.toMatchObject({ code: 'VAULT_UNAVAILABLE' });
    expect(credentials.status()).toMatchObject({ version, stale: true });
    answers[path] = before ?? 404;
    await pass(10_000, () => expect(stale.mock.calls).toEqual([[true], [false]]));
    expect(credentials.status()).toMatchObject({ version, stale: false });
  });

  it('is stale once while Vault is down, however often it fails, and fresh once', async () => {
    const stale = vi.fn();
    const credentials = opened({ onStale: stale }, KV);
    const first = await credentials.get();
    expect(credentials.status().stale).toBe(false);
    await credentials.get();
    answers[mount] = 500;
    await pass(300_000, () => expect(times(mount)).toBe(2));
    // Nobody needs to ask: the look is still owed.
    await pass(10_000, () => expect(times(mount)).toBe(3));
    await pass(20_000, () => expect(times(mount)).toBe(4));
    expect(stale.mock.calls).toEqual([[true]]);
    expect(credentials.status()).toMatchObject({ version: '1', stale: true });
    expect(await credentials.get()).toBe(first);
    answers[mount] = { data: { path: 'secret/', type: 'kv', options: { version: '2' } } };
    await pass(40_000, () => expect(reads()).toBe(2));
    await waitFor(() => expect(stale.mock.calls).toEqual([[true], [false]]));
    expect(credentials.status()).toMatchObject({ version: '1', stale: false });
  });

  it('that Vault could not confirm for a day is given out no more, until it can', async () => {
    const credentials = opened({}, KV);
    await credentials.get();
    const { endsAt } = credentials.status();
    expect(Number(endsAt) - Date.now()).toBeCloseTo(24 * HOUR, -4);
    await credentials.get();
    answers[mount] = 500;
    await pass(300_000, () => expect(times(mount)).toBe(2));
    await pass(23 * HOUR);
    expect((await credentials.get()).version).toBe('1');
    await pass(HOUR);
    expect(credentials.status()).toMatchObject({ version: undefined, stale: true, endsAt });
    await expect(credentials.get()).rejects.toMatchObject({ code: 'VAULT_UNAVAILABLE' });
    answers[mount] = { data: { path: 'secret/', type: 'kv', options: { version: '2' } } };
    expect((await credentials.get()).version).toBe('1');
    expect(credentials.status()).toMatchObject({ version: '1', stale: false });
  });

  it('is given out unconfirmed for no longer than asked', async () => {
    const credentials = opened({ maxStaleMillis: 60_000 }, KV);
    await credentials.get();
    await pass(59_000);
    await credentials.get();
    expect(reads()).toBe(1);
    await pass(1000);
    await credentials.get();
    expect(reads()).toBe(2);
  });

  it('that was refused and is the same in Vault is left alone for longer each time', async () => {
    const credentials = opened({}, KV);
    const { version } = await credentials.get();
    const refreshed = async () => {
      await Promise.all(Array.from({ length: 50 }, () => credentials.refresh(version)));
      return reads();
    };
    expect(await refreshed()).toBe(2);
    expect(await refreshed()).toBe(2);
    await pass(990);
    expect(await refreshed()).toBe(2);
    await pass(10);
    expect(await refreshed()).toBe(3);
    await pass(1990);
    expect(await refreshed()).toBe(3);
    await pass(10);
    expect(await refreshed()).toBe(4);
    // Another version is a new beginning.
    say(2);
    await pass(4000);
    expect(await credentials.refresh('1')).toMatchObject({ version: '2' });
    expect(await credentials.refresh('2')).toMatchObject({ version: '2' });
    expect(reads()).toBe(6);
    await pass(1000);
    await credentials.refresh('2');
    expect(reads()).toBe(7);
  });

  it.each([
    ['no', 403, 'VAULT_DENIED'],
    ['that it is not there', 404, 'SECRET_NOT_FOUND'],
  ])('of which Vault says %s is asked for once in a second', async (_, status, code) => {
    answers[secret] = status;
    const credentials = opened({}, KV);
    const ask = () => Promise.allSettled(Array.from({ length: 50 }, () => credentials.get()));
    answers['auth/token/lookup-self'] = { data: {} };
    expect(await ask()).toEqual(
      Array.from({ length: 50 }, () => ({
        status: 'rejected',
        reason: expect.objectContaining({ code }),
      })),
    );
    await ask();
    vi.advanceTimersByTime(990);
    await ask();
    expect(reads()).toBe(1);
    await Promise.allSettled([credentials.refresh('1'), credentials.refresh('1')]);
    expect(reads()).toBe(2);
    vi.advanceTimersByTime(1000);
    say(1);
    expect((await credentials.get()).version).toBe('1');
  });

  it('whose place user and password of its own take is stale until Vault has another', async () => {
    const stale = vi.fn();
    answers[mount] = 500;
    const credentials = opened({ onStale: stale }, { ...KV, ...OWN });
    expect((await credentials.get()).user).toBe('me');
    expect(credentials.status()).toEqual({ version: '0', stale: true, endsAt: undefined });
    answers[mount] = { data: { path: 'secret/', type: 'kv', options: { version: '2' } } };
    await pass(300_000, () => expect(reads()).toBe(1));
    await waitFor(() => expect(stale.mock.calls).toEqual([[true], [false]]));
    expect((await credentials.get()).user).toBe('ann');
  });
});

describe('a token', () => {
  it('that somebody brought is renewed after a minute, then at two thirds of its life', async () => {
    await opened().get();
    await pass(59_000);
    expect(times('auth/token/renew-self')).toBe(0);
    await pass(1000, () => expect(times('auth/token/renew-self')).toBe(1));
    await pass((2 / 3) * HOUR, () => expect(times('auth/token/renew-self')).toBe(2));
  });

  it('that lives for 768 hours is not renewed in a loop', async () => {
    answers['auth/approle/login'] = { auth: { client_token: 'hvs.s', lease_duration: 768 * 3600 } };
    await opened({ auth: { method: 'approle', roleId: 'r', secretId: 's' } }).get();
    await pass(500 * HOUR);
    expect(times('auth/token/renew-self')).toBe(0);
    await pass(12 * HOUR, () => expect(times('auth/token/renew-self')).toBe(1));
  });

  it.each([
    ['gets no longer any more', { auth: { lease_duration: 60 } }],
    ['is gone', 403],
  ])('of a service that %s is replaced, with all that it made', async (_, answer) => {
    const credentials = opened({ auth: { method: 'approle', roleId: 'r', secretId: 's' } });
    await credentials.get();
    answers['auth/token/renew-self'] = answer;
    await pass((2 / 3) * HOUR, () => expect(times('auth/approle/login')).toBe(2));
    await waitFor(async () => expect((await credentials.get()).user).toBe('user-2'));
  });

  it.each<[string, Answers[string]]>([
    ['down', 500],
    ['hidden by something else', (outgoing) => void outgoing.end('<html>')],
    ['sealed', (outgoing) => void outgoing.writeHead(503).end('{"errors":["Vault is sealed"]}')],
  ])('is renewed again later while Vault is %s', async (_, answer) => {
    await opened().get();
    answers['auth/token/renew-self'] = answer;
    await pass(60_000, () => expect(times('auth/token/renew-self')).toBe(1));
    await pass(10_000, () => expect(times('auth/token/renew-self')).toBe(2));
    await pass(10_000);
    expect(times('auth/token/renew-self')).toBe(2);
    await pass(10_000, () => expect(times('auth/token/renew-self')).toBe(3));
  });
});

describe('its end', () => {
  it('holds nobody up while Vault is silent, and what comes later is ended too', async () => {
    const credentials = opened();
    let answer: () => void = () => {};
    answers['database/creds/r'] = (outgoing) => {
      answer = () => sayNextUser(outgoing);
    };
    const getting = credentials.get();
    await waitFor(() => expect(times('database/creds/r')).toBe(1));
    const ended = vi.fn();
    const ending = credentials[Symbol.asyncDispose]().then(ended);
    vi.advanceTimersByTime(999);
    expect(ended).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    await ending;
    answer();
    await getting;
    await waitFor(() => expect(times('sys/leases/revoke')).toBe(1));
  });

  it('ends each lease, though one is gone already', async () => {
    const credentials = opened();
    await credentials.refresh((await credentials.get()).version);
    answers['sys/leases/revoke'] = 400;
    await credentials[Symbol.asyncDispose]();
    expect(times('sys/leases/revoke')).toBe(2);
  });

  it('leaves no timer, and makes no more users', async () => {
    const credentials = opened();
    await credentials.get();
    await credentials[Symbol.asyncDispose]();
    expect(times('sys/leases/revoke')).toBe(1);
    expect(vi.getTimerCount()).toBe(0);
    await expect(credentials.refresh('1')).rejects.toMatchObject({ code: 'CREDENTIALS_MISSING' });
    expect(users).toBe(1);
  });

  it('in the middle of a renewal logs no service in again', async () => {
    const credentials = opened({ auth: { method: 'approle', roleId: 'r', secretId: 's' } });
    await credentials.get();
    let refuse: () => void = () => {};
    answers['auth/token/renew-self'] = (outgoing) => {
      refuse = () => void outgoing.writeHead(403).end('{"errors":["no"]}');
    };
    vi.advanceTimersByTime((2 / 3) * HOUR);
    await waitFor(() => expect(times('auth/token/renew-self')).toBe(1));
    await credentials[Symbol.asyncDispose]();
    refuse();
    await waitFor(() => expect(times('auth/token/lookup-self')).toBe(1));
    expect([times('auth/approle/login'), vi.getTimerCount()]).toEqual([1, 0]);
  });
});

it('a listener that throws keeps nobody from the credential', async () => {
  const credentials = opened({
    onChange: () => {
      throw new Error('the listener');
    },
  });
  const { version } = await credentials.get();
  expect((await credentials.refresh(version)).user).toBe('user-2');
});
