import { join } from 'node:path';
import { ServersError } from '../errors.ts';
import { startVault } from './start-vault.ts';
import { readPidFile, removePidFile } from './vault-pid-file.ts';
import type { VaultProcessOrder, VaultProcessReport } from './vault-process.ts';

// The program of the process that startVaultProcess starts. Its order comes as its first message.
const leave = () => process.exit(0);
process.once('disconnect', leave);
process.once('message', (order: VaultProcessOrder) => {
  serve(order).catch((error) => {
    report(failureOf(error));
    process.exit(1);
  });
});

async function serve({ dataDirectory, lifetime, port }: VaultProcessOrder): Promise<void> {
  const server = await startVault({
    file: join(dataDirectory, 'vault.json'),
    ...(port === undefined ? {} : { port }),
    log(entry) {
      if (entry.status >= 400) console.log(JSON.stringify({ time: new Date(), ...entry }));
    },
  });
  const end = async () => {
    await server.stop();
    removePidFile(dataDirectory, process.pid);
    process.exit(0);
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
  process.off('disconnect', leave);
  process.once('disconnect', () => {
    // A detached server stays if it has been made known. Else its starter died on the way, and the
    // next one starts a server of its own.
    const known = readPidFile(dataDirectory)?.pid === process.pid;
    if (lifetime === 'parent' || !known) void end();
  });
  report({ port: server.port });
}

function report(content: VaultProcessReport): void {
  if (process.connected) process.send?.(content);
  else process.exit(0);
}

function failureOf(error: unknown): VaultProcessReport {
  if (!(error instanceof ServersError)) {
    console.error(error);
    return {
      failed: { code: 'SERVER_START_FAILED', message: 'Vault did not start.', suggestions: [] },
    };
  }
  const { code, message, suggestions } = error;
  return { failed: { code, message, suggestions } };
}
