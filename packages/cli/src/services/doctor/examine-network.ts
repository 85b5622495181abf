import { lookup } from 'node:dns/promises';
import { connect, isIP, type Socket } from 'node:net';
import {
  checkServerIdentity,
  type PeerCertificate,
  connect as secure,
  type TLSSocket,
} from 'node:tls';
import { type DatabaseCredential, databaseCa } from '@spire/access';
import { CliError } from '../../errors.ts';
import { inTime } from '../in-time.ts';
import { ANSWER_MILLIS, type Finding } from './hop.ts';

/** @throws CliError `HOST_UNKNOWN`. */
export async function examineDns({
  host,
  environment,
}: DatabaseCredential): Promise<Finding<void>> {
  const found = await inNetwork(
    lookup(host, { all: true }),
    (reason) =>
      new CliError('HOST_UNKNOWN', `No name server knows ${host} (${reason}).`, [
        `Check DB_HOSTNAME, and where it comes from: spire env show -e ${environment.name}`,
        'Is the VPN on, whose name servers know it?',
      ]),
  );
  const addresses = found.map(({ address, family }) => `${address} (IPv${family})`);
  return { value: undefined, found: addresses.join(', ') };
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

/** @throws CliError `TLS_MISSING`, `TLS_FAILED`, `CERTIFICATE_INVALID`. */
export async function examineTls(credential: DatabaseCredential): Promise<Finding<void>> {
  const plain = await open(credential.host, credential.port);
  try {
    const socket = await inNetwork(
      agree(plain, credential),
      (reason) =>
        new CliError('TLS_FAILED', `TLS with ${credential.host} can't be agreed on (${reason}).`, [
          'Is it Postgres that answers there, and not something in between: a proxy, a tunnel, a firewall?',
        ]),
    );
    const certificate = socket.getPeerCertificate();
    const { authorizationError: error } = socket;
    // Node has a code here, whatever its types say.
    const reason = String((error as { code?: string } | undefined)?.code ?? error ?? '');
    requireValid(credential, certificate, socket.authorized ? '' : reason);
    const { subject, issuer, valid_to } = certificate;
    const days = Math.floor((Date.parse(valid_to) - Date.now()) / 86_400_000);
    const soon = days < SOON_DAYS ? ', which is soon' : '';
    return {
      value: undefined,
      found: `${socket.getProtocol()}, certificate of ${subject.CN ?? credential.host} by ${issuer.CN ?? issuer.O ?? 'unknown'}, ${days} days left${soon}`,
    };
  } finally {
    plain.destroy();
  }
}

/** Agrees on TLS as a client of Postgres does, whatever the certificate. */
async function agree(plain: Socket, { host, environment }: DatabaseCredential): Promise<TLSSocket> {
  const ca = databaseCa(environment);
  plain.write(SSL_REQUEST);
  const answer = await firstByte(plain);
  if (answer !== 'S') {
    throw new CliError('TLS_MISSING', `The server at ${host} doesn't speak TLS.`, [
      'Spire sends no password unencrypted: ask for TLS to be switched on there.',
      'Is it a pooler or a tunnel that answers instead of Postgres?',
    ]);
  }
  const { promise, resolve, reject } = Promise.withResolvers<TLSSocket>();
  const socket = secure({
    socket: plain,
    // What is wrong is said by the caller, and nothing secret is sent.
    rejectUnauthorized: false,
    ...(isIP(host) ? {} : { servername: host }),
    ...(ca ? { ca } : {}),
  });
  socket.once('secureConnect', () => resolve(socket));
  socket.on('error', reject);
  return promise;
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
  socket.on('error', reject);
  return inNetwork(promise, (reason) => {
    socket.destroy();
    return new CliError(
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
    socket.once('close', () => reject(new Error('closed')));
  });
}

/** Waits for the network; `explain` makes the error of what it says, or of its silence. */
async function inNetwork<T>(work: Promise<T>, explain: (reason: string) => CliError): Promise<T> {
  try {
    return await inTime(work, ANSWER_MILLIS, () => new Error(`no answer in ${ANSWER_MILLIS} ms`));
  } catch (error) {
    if (error instanceof CliError) throw error;
    const { code, message, errors } = error as NodeJS.ErrnoException & Partial<AggregateError>;
    throw explain(code ?? errors?.[0]?.code ?? message);
  }
}
