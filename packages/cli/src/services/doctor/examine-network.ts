import { lookup } from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import { connect, isIP, type Socket } from 'node:net';
import { checkServerIdentity, type PeerCertificate, connect as secure } from 'node:tls';
import type { DatabaseCredential } from '@spire/access';
import { CliError } from '../../errors.ts';
import { type Finding, HOP_MILLIS } from './hop.ts';

/** @throws CliError `HOST_UNKNOWN`. */
export async function examineDns({
  host,
  environment,
}: DatabaseCredential): Promise<Finding<void>> {
  const found = await inTime(lookup(host, { all: true })).catch((error: NodeJS.ErrnoException) => {
    const origin = environment.values.host ? `spire env show -e ${environment.name}` : '';
    throw new CliError(
      'HOST_UNKNOWN',
      `No name server knows ${host} (${error.code ?? 'timeout'}).`,
      [
        `Check DB_HOSTNAME, and where it comes from: ${origin}`,
        'Is the VPN on, whose name servers know it?',
      ],
    );
  });
  return { value: undefined, found: found.map(({ address }) => address).join(', ') };
}

/** @throws CliError `HOST_UNREACHABLE`. */
export async function examineTcp({ host, port }: DatabaseCredential): Promise<Finding<void>> {
  const socket = await open(host, port);
  const found = `connected to ${socket.remoteAddress}, port ${port}`;
  socket.destroy();
  return { value: undefined, found };
}

/** What Postgres is sent to begin TLS: a length of 8, and a number that stands for it. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);
const SOON_DAYS = 14;

/** @throws CliError `TLS_MISSING`, `CERTIFICATE_INVALID`. */
export async function examineTls(credential: DatabaseCredential): Promise<Finding<void>> {
  const { host, port, environment } = credential;
  const { caFile } = environment.values;
  const plain = await open(host, port);
  try {
    plain.write(SSL_REQUEST);
    const answer = await inTime(firstByte(plain));
    if (answer !== 'S') {
      throw new CliError('TLS_MISSING', `The server at ${host} doesn't speak TLS.`, [
        'Spire sends no password unencrypted: ask for TLS to be switched on there.',
        'Is it a pooler or a tunnel that answers instead of Postgres?',
      ]);
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const socket = secure({
      socket: plain,
      // What is wrong is said here, and nothing secret is sent before.
      rejectUnauthorized: false,
      ...(isIP(host) ? {} : { servername: host }),
      ...(caFile ? { ca: readFileSync(caFile.value, 'utf8') } : {}),
    });
    socket.once('secureConnect', resolve);
    socket.once('error', reject);
    await inTime(promise);
    const certificate = socket.getPeerCertificate();
    const reason = String(
      (socket.authorizationError as { code?: string })?.code ?? socket.authorizationError ?? '',
    );
    requireValid(credential, certificate, socket.authorized ? '' : reason);
    const days = Math.floor((Date.parse(certificate.valid_to) - Date.now()) / 86_400_000);
    const soon = days < SOON_DAYS ? ', which is soon' : '';
    const issuer = certificate.issuer.CN ?? certificate.issuer.O ?? 'unknown';
    return {
      value: undefined,
      found: `${socket.getProtocol()}, certificate of ${certificate.subject.CN ?? host} by ${issuer}, ${days} days left${soon}`,
    };
  } finally {
    plain.destroy();
  }
}

function requireValid(
  { host, environment }: DatabaseCredential,
  certificate: PeerCertificate,
  reason: string,
): void {
  const invalid = (message: string, ...suggestions: string[]) =>
    new CliError('CERTIFICATE_INVALID', message, suggestions);
  if (/EXPIRED|NOT_YET_VALID/.test(reason)) {
    throw invalid(
      `The certificate of ${host} holds from ${certificate.valid_from} to ${certificate.valid_to} (${reason}).`,
      'Ask for it to be renewed on the server; and look at the clock of this machine.',
    );
  }
  if (reason !== '' && reason !== 'ERR_TLS_CERT_ALTNAME_INVALID') {
    throw invalid(
      `The certificate of ${host} is not vouched for (${reason}).`,
      environment.values.caFile
        ? `Is ${environment.values.caFile.value} the CA of this server?`
        : `Name its CA: spire env set DB_CA_FILE /path/to/ca.pem -e ${environment.name}`,
    );
  }
  const wrongName = checkServerIdentity(host, certificate);
  if (reason !== '' || wrongName) {
    throw invalid(
      `The certificate is for ${certificate.subjectaltname ?? certificate.subject.CN}, not for ${host}.`,
      `Name the server as its certificate does: spire env set DB_HOSTNAME ... -e ${environment.name}`,
    );
  }
}

function open(host: string, port: number): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const socket = connect({ host, port });
  socket.once('connect', () => resolve(socket));
  socket.once('error', reject);
  return inTime(promise).catch((error: NodeJS.ErrnoException) => {
    socket.destroy();
    const [inner] = (error as Partial<AggregateError>).errors ?? [];
    const reason = error.code ?? inner?.code ?? 'timeout';
    throw new CliError(
      'HOST_UNREACHABLE',
      `Nothing at ${host} takes connections on port ${port} (${reason}).`,
      [
        reason === 'ECONNREFUSED'
          ? 'The machine is there and Postgres is not: is it running, and on this port (DB_PORT)?'
          : 'Is the VPN on, and does a firewall or security group let this machine in?',
      ],
    );
  });
}

function firstByte(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    socket.once('data', (chunk) => resolve(chunk.toString('latin1', 0, 1)));
    socket.once('error', reject);
    socket.once('close', () => resolve(''));
  });
}

/** A promise with an end. */
async function inTime<T>(work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(Object.assign(new Error('timeout'), { code: `none within ${HOP_MILLIS} ms` })),
    HOP_MILLIS,
  );
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
