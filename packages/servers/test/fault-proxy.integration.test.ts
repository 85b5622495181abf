import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type FaultProxy, startFaultProxy } from '../src/index.ts';

/** Says back what it hears; keeps its sockets for the test. */
let echo: Server;
let served: Socket[];
let proxy: FaultProxy;
let clients: Socket[];

beforeEach(async () => {
  served = [];
  clients = [];
  echo = createServer({ allowHalfOpen: true }, (socket) => {
    served.push(socket);
    socket.on('error', () => {});
    socket.pipe(socket);
  });
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
  proxy = await startFaultProxy({ target: addressOf(echo) });
});
afterEach(async () => {
  for (const client of clients) client.destroy();
  await proxy.close();
  for (const socket of served) socket.destroy();
  echo.close();
});

function addressOf(server: Server) {
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('not listening');
  return { host: '127.0.0.1', port: address.port };
}

function enter(): Socket {
  const client = connect({ host: proxy.host, port: proxy.port, allowHalfOpen: true });
  client.on('error', () => {});
  clients.push(client);
  return client;
}

async function join(): Promise<Socket> {
  const client = enter();
  await once(client, 'connect');
  return client;
}

/** Says something. @returns what comes back first. */
async function say(client: Socket, text: string): Promise<string> {
  client.write(text);
  const [chunk] = await once(client, 'data');
  return String(chunk);
}

/** The code of the error that ends a socket. */
const end = async (socket: Socket) => (await once(socket, 'error'))[0].code;

/** Whether nothing comes within a moment: silence has no event. */
async function isSilent(client: Socket): Promise<boolean> {
  let heard = false;
  const listen = () => {
    heard = true;
  };
  client.on('data', listen).on('close', listen).on('end', listen);
  await pause(100);
  client.off('data', listen).off('close', listen).off('end', listen);
  return !heard;
}

it('passes both ways, ends included, and counts', async () => {
  const client = await join();
  expect(await say(client, 'hello')).toBe('hello');
  expect([proxy.connections, proxy.accepted]).toEqual([1, 1]);
  client.end('bye');
  expect(String(await buffer(client))).toBe('bye');
  await vi.waitFor(() => expect(proxy.connections).toBe(0));
  await join();
  expect(proxy.accepted).toBe(2);
});

it('resets open connections, once, or all that come', async () => {
  const first = await join();
  await say(first, 'a');
  const reset = [end(first), end(served[0] as Socket)];
  proxy.reset();
  expect(await Promise.all(reset)).toEqual(['ECONNRESET', 'ECONNRESET']);
  const second = await join();
  expect(await say(second, 'b')).toBe('b');
  const again = end(second);
  proxy.mode = 'reset';
  expect(await again).toBe('ECONNRESET');
  expect(await end(enter())).toBe('ECONNRESET');
});

it('is silent in a blackhole, for open and new connections, and passes what it held back afterwards', async () => {
  const first = await join();
  await say(first, 'a');
  proxy.mode = 'blackhole';
  const second = await join();
  first.write('held');
  second.write('new');
  expect(await Promise.all([isSilent(first), isSilent(second)])).toEqual([true, true]);
  expect(served.length).toBe(1);
  const heard = [once(first, 'data'), once(second, 'data')];
  proxy.mode = 'pass';
  expect(String(await Promise.all(heard))).toBe('held,new');
});

it("keeps a server's end from the client during a blackhole", async () => {
  const client = await join();
  await say(client, 'a');
  proxy.mode = 'blackhole';
  (served[0] as Socket).resetAndDestroy();
  expect(await isSilent(client)).toBe(true);
  const reset = end(client);
  proxy.mode = 'pass';
  expect(await reset).toBe('ECONNRESET');
});

it('keeps little of what nobody fetches', async () => {
  const client = await join();
  await say(client, 'a');
  proxy.mode = 'blackhole';
  const before = process.memoryUsage().arrayBuffers;
  const chunk = Buffer.alloc(1024 * 1024);
  // What the kernel takes, the client gets rid of; the rest stays with it.
  for (let written = 0; written < 64; written += 1) client.write(chunk);
  expect(await isSilent(client)).toBe(true);
  expect(client.writableLength).toBeGreaterThan(48 * chunk.length);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * chunk.length);
  const all = new Promise<void>((resolve) => {
    let bytes = 0;
    client.on('data', (data: Buffer) => {
      bytes += data.length;
      if (bytes === 64 * chunk.length) resolve();
    });
  });
  proxy.mode = 'pass';
  await all;
});

it('delays each direction, without waiting longer for more', async () => {
  const client = await join();
  await say(client, 'a');
  proxy.delayMillis = 100;
  proxy.mode = 'delay';
  const started = performance.now();
  let text = '';
  client.on('data', (chunk) => {
    text += chunk;
  });
  client.write('1');
  await pause(20);
  client.write('2');
  await vi.waitFor(() => expect(text).toBe('12'), { interval: 5 });
  const took = performance.now() - started;
  expect(took).toBeGreaterThanOrEqual(199);
  expect(took).toBeLessThan(400);
});

it('closes halfway: the client hears the end and may still write', async () => {
  const client = await join();
  await say(client, 'a');
  const ended = once(client, 'end');
  proxy.mode = 'half-close';
  await ended;
  client.write('still here');
  const [heard] = await once(served[0] as Socket, 'data');
  expect([String(heard), client.destroyed]).toEqual(['still here', false]);
  client.end();
  await vi.waitFor(() => expect(proxy.connections).toBe(0));
});

it("passes a server's own half close", async () => {
  const client = await join();
  await say(client, 'a');
  const server = served[0] as Socket;
  server.unpipe();
  server.end();
  server.resume();
  await once(client, 'end');
  const heard = once(server, 'data');
  client.write('b');
  expect(String((await heard)[0])).toBe('b');
});

describe('a tap', () => {
  it('drops the connection at the chunk that it names, and no other connection', async () => {
    const [first, second] = [await join(), await join()];
    proxy.tap = (direction, chunk) =>
      direction === 'client' && chunk.includes('commit') ? 'reset' : undefined;
    expect(await say(first, 'begin')).toBe('begin');
    const reset = end(first);
    first.write('commit');
    expect(await reset).toBe('ECONNRESET');
    expect(await say(second, 'begin')).toBe('begin');
    expect(served[0]?.bytesRead).toBe(5);
  });

  it('holds an answer back until the proxy gets another mode', async () => {
    const client = await join();
    proxy.tap = (direction, chunk, connection) =>
      direction === 'server' && chunk.includes('b') && connection.number === 1
        ? 'blackhole'
        : undefined;
    expect(await say(client, 'a')).toBe('a');
    client.write('b');
    expect(await isSilent(client)).toBe(true);
    expect(served[0]?.bytesRead).toBe(2);
    const heard = once(client, 'data');
    proxy.mode = 'pass';
    expect(String(await heard)).toBe('b');
  });
});

it('leads new connections elsewhere, and resets where nobody listens', async () => {
  const other = createServer((socket) => socket.end('other'));
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const first = await join();
  await say(first, 'a');
  proxy.target = addressOf(other);
  expect(String(await buffer(await join()))).toBe('other');
  expect(await say(first, 'b')).toBe('b');
  await new Promise((resolve) => other.close(resolve));
  expect(await end(enter())).toBe('ECONNRESET');
});
