import type { RequestListener } from 'node:http';
import { expect, it } from 'vitest';
import { openVault, readHealth, readSecret } from '../src/index.ts';
import { answering } from './answering.ts';
import { stagingEnvironment } from './staging-environment.ts';

// A Vault of several nodes, each with an address.

const NOWHERE = 'http://127.0.0.1:1';

const says =
  (status: number, body: object = { errors: ['no'] }): RequestListener =>
  (_, response) =>
    response.writeHead(status).end(JSON.stringify(body));

const works: RequestListener = ({ url }, response) => {
  const answers: Record<string, object> = {
    '/v1/sys/health': { initialized: true, sealed: false, version: '1.20.0', server_time_utc: 1 },
    '/v1/sys/internal/ui/mounts/secret/x': { data: { path: 'secret/', type: 'kv' } },
    '/v1/secret/x': { data: { user: 'ann', pwd: 'p' } },
  };
  response.end(JSON.stringify(answers[url ?? '']));
};

const sealed = says(503, { errors: ['Vault is sealed'] });

/** Nodes that answer so; what was asked is counted by node. */
async function nodes(...listeners: readonly RequestListener[]) {
  const counts = listeners.map(() => 0);
  const addresses = await Promise.all(
    listeners.map((listener, index) =>
      answering((request, response) => {
        counts[index] = (counts[index] ?? 0) + 1;
        listener(request, response);
      }),
    ),
  );
  return { counts, addresses };
}

function vaultAt(addresses: readonly string[], patience = {}) {
  const VAULT_ADDRESS = addresses.join(',');
  return openVault(stagingEnvironment({ VAULT_ADDRESS, VAULT_TOKEN: 'hvs.own' }), patience);
}

it.each<[string, RequestListener]>([
  ['a secondary for disasters', says(472)],
  ['a performance standby that may not answer this', says(473)],
  ['a standby without an active node', says(474)],
  ['a standby that points elsewhere', says(307)],
  ['one that is broken', says(500)],
  ['a gateway', says(502)],
  ['one that is sealed', sealed],
  ['one that closes the connection', ({ socket }) => socket.destroy()],
  ['one that says nothing', () => {}],
])('after %s the next one is asked at once, and first from then on', async (_, fails) => {
  const { addresses, counts } = await nodes(fails, works);
  const vault = await vaultAt(addresses, { timeoutMillis: 200 });
  expect(vault.address).toBe(addresses[0]);
  expect((await readSecret(vault, 'secret/x')).fields).toEqual({ user: 'ann', pwd: 'p' });
  expect(vault.address).toBe(addresses[1]);
  expect(counts).toEqual([1, 2]);
});

it.each([
  [400, 'SECRET_NOT_FOUND'],
  [403, 'VAULT_DENIED'],
  [404, 'SECRET_NOT_FOUND'],
  [501, 'VAULT_UNINITIALIZED'],
])('an answer with %i is one, and nobody else is asked', async (status, code) => {
  const no: RequestListener = (request, response) =>
    (request.url?.endsWith('lookup-self') ? says(200, { data: {} }) : says(status))(
      request,
      response,
    );
  const { addresses, counts } = await nodes(no, works);
  const error = await readSecret(await vaultAt(addresses), 'secret/x').catch((caught) => caught);
  expect(error).toMatchObject({ code, message: expect.stringContaining(String(addresses[0])) });
  expect(counts[1]).toBe(0);
});

it('comes back to the first when the second fails', async () => {
  let secondWorks = true;
  let firstWorks = false;
  const { addresses } = await nodes(
    (request, response) => (firstWorks ? works : sealed)(request, response),
    (request, response) => (secondWorks ? works : sealed)(request, response),
  );
  const vault = await vaultAt(addresses);
  await readSecret(vault, 'secret/x');
  [firstWorks, secondWorks] = [true, false];
  await readSecret(vault, 'secret/x');
  expect(vault.address).toBe(addresses[0]);
});

it('is sealed when all of it is', async () => {
  const { addresses, counts } = await nodes(sealed, sealed);
  await expect(readSecret(await vaultAt(addresses), 'secret/x')).rejects.toMatchObject({
    code: 'VAULT_SEALED',
  });
  expect(counts).toEqual([1, 1]);
});

it('of which one is sealed and the other away is away, and says what became of each', async () => {
  const { addresses } = await nodes(sealed);
  const vault = await vaultAt([...addresses, NOWHERE]);
  await expect(readSecret(vault, 'secret/x')).rejects.toMatchObject({
    code: 'VAULT_UNAVAILABLE',
    message: expect.stringContaining(`${NOWHERE} doesn't answer (ECONNREFUSED)`),
    suggestions: expect.arrayContaining([
      `The other addresses do no better: ${addresses[0]} (status 503).`,
    ]),
  });
});

it('is asked once round, and again after a moment where that may help', async () => {
  const { addresses, counts } = await nodes(says(500), says(472));
  await expect(
    readSecret(await vaultAt([NOWHERE, ...addresses]), 'secret/x'),
  ).rejects.toMatchObject({ code: 'VAULT_UNAVAILABLE' });
  expect(counts).toEqual([3, 3]);
});

it.each([
  ['is sealed', says(503, { initialized: true, sealed: true })],
  ['was never initialized', says(501, { initialized: false, sealed: true })],
  ['is a secondary', says(472, { initialized: true, replication_dr_mode: 'secondary' })],
])('tells its health by the second when the first %s', async (what, unwell) => {
  const { addresses } = await nodes(unwell, works);
  const vault = await vaultAt(addresses);
  if (what === 'was never initialized')
    return expect(readHealth(vault)).rejects.toMatchObject({ code: 'VAULT_UNINITIALIZED' });
  expect((await readHealth(vault)).version).toBe('1.20.0');
  expect(vault.address).toBe(addresses[1]);
});

it('takes a performance standby that answers', async () => {
  const { addresses, counts } = await nodes((request, response) =>
    request.url === '/v1/sys/health'
      ? says(473, { initialized: true, sealed: false, version: '1.20.0', server_time_utc: 1 })(
          request,
          response,
        )
      : works(request, response),
  );
  const vault = await vaultAt([...addresses, NOWHERE]);
  expect((await readHealth(vault)).version).toBe('1.20.0');
  expect((await readSecret(vault, 'secret/x')).fields).toEqual({ user: 'ann', pwd: 'p' });
  expect(counts).toEqual([3]);
});
