import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type CertificateTerms,
  localCertificates,
  type PostgresAccess,
  type PostgresServer,
  startPostgres,
} from '@spire/servers';
import pg from 'pg';
import type { Fault } from './fault.ts';
import type { Stage } from './stage.ts';

const EXPIRED = { notAfter: new Date(Date.now() - 3_600_000) };
const ELSEWHERE = { names: ['db.example.com'] };

/** A server whose certificate isn't what a client wants it to be, seen through the proxy. */
async function refuse(stage: Stage, terms: CertificateTerms, own = true) {
  const directory = mkdtempSync(join(tmpdir(), 'faults-tls-'));
  const server = await startPostgres({
    lifetime: 'parent',
    tls: true,
    // With 1.3 nobody sees from outside which of the encrypted records are a program's data.
    settings: { ssl_max_protocol_version: 'TLSv1.2' },
  });
  try {
    const { certificateFile, keyFile } = await localCertificates(directory, terms);
    copyFileSync(certificateFile, join(server.dataDirectory, 'server.pem'));
    copyFileSync(keyFile, join(server.dataDirectory, 'server.key'));
    await reload(server);
    const caFile = own ? join(directory, 'ca.pem') : join(server.dataDirectory, 'ca.pem');
    return await knock(stage, server, caFile);
  } finally {
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function reload(server: PostgresServer): Promise<void> {
  const admin = new pg.Client({ connectionString: server.connectionString() });
  await admin.connect();
  await admin.query('select pg_reload_conf()');
  await admin.end();
}

/** Tries to connect, and looks at what the client says. */
async function knock(stage: Stage, server: PostgresAccess, caFile: string) {
  const { proxy, journal, open } = stage;
  const said: Buffer[] = [];
  let heard = '';
  proxy.target = server;
  proxy.tap = (direction, chunk) => {
    if (direction === 'client') said.push(chunk);
    else heard ||= chunk.toString('latin1', 0, 1);
    return undefined;
  };
  await journal.strike(() => {});
  await journal.attempt(() => open({ host: 'localhost', caFile }));
  const { records, plain } = recordsOf(Buffer.concat(said));
  return { answer: heard, data: records.filter((type) => type === APPLICATION_DATA).length, plain };
}

const SSL_REQUEST_BYTES = 8;
const APPLICATION_DATA = 23;

/** The types of the TLS records after the request for TLS, and what isn't one. */
function recordsOf(bytes: Buffer): { records: number[]; plain: number } {
  const records: number[] = [];
  let at = SSL_REQUEST_BYTES;
  while (at + 5 <= bytes.length) {
    const type = bytes.readUInt8(at);
    if (type < 20 || type > 23 || bytes.readUInt8(at + 1) !== 3) break;
    records.push(type);
    at += 5 + bytes.readUInt16BE(at + 3);
  }
  return { records, plain: Math.max(0, bytes.length - at) };
}

export const wrongAuthority: Fault = {
  row: 24,
  title: "the server's certificate is signed by another authority",
  lasts: true,
  run: (stage) => refuse(stage, {}, false),
};

export const wrongHost: Fault = {
  row: 24,
  title: "the server's certificate is for another host",
  lasts: true,
  run: (stage) => refuse(stage, ELSEWHERE),
};

export const expired: Fault = {
  row: 24,
  title: "the server's certificate has expired",
  lasts: true,
  run: (stage) => refuse(stage, EXPIRED),
};

export const refusesTls: Fault = {
  row: 24,
  title: 'the server refuses TLS',
  lasts: true,
  async run(stage) {
    const directory = mkdtempSync(join(tmpdir(), 'faults-tls-'));
    try {
      await localCertificates(directory);
      return await knock(stage, stage.server, join(directory, 'ca.pem'));
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  },
};
