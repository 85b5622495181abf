import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ended, Home } from './spire-process.ts';

// Whoever connects to this database hears nothing.

const home = new Home();
let accepted: Promise<unknown>;
const silent = createServer();
beforeAll(async () => {
  accepted = new Promise((resolve) => silent.once('connection', resolve));
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as { port: number };
  const section = (name: string) =>
    `  ${name}: {DB_HOSTNAME: localhost, DB_PORT: ${port}, DB_NAME: x, DB_USER: x, DB_PASSWORD: x}\n`;
  mkdirSync(join(home.directory, '.spire'), { mode: 0o700 });
  writeFileSync(
    join(home.directory, '.spire', 'config.yml'),
    `environments:\n${section('one')}${section('other')}`,
    { mode: 0o600 },
  );
});
afterAll(async () => {
  silent.close();
  await home.end();
});

it('Ctrl-C before a connection stands says that nothing was changed', async () => {
  const child = home.start(['db', 'refresh', '-e', 'one', '--from', 'other', '--confirm', 'one']);
  const end = ended(child);
  await accepted;
  child.kill('SIGINT');
  expect(await end).toEqual({
    stdout: '',
    stderr: '\nInterrupted. Nothing was changed.\n',
    exitCode: 130,
    signal: null,
  });
});
