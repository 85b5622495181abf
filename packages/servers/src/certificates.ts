import { webcrypto } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Files of a certificate authority of one's own, and of a certificate for localhost signed by it. */
export interface Certificates {
  /** The authority's certificate, PEM: what a client has to trust. */
  readonly ca: string;
  readonly certificateFile: string;
  readonly keyFile: string;
}

/** What a server's certificate says. */
export interface CertificateTerms {
  /** DNS names. Default: `localhost`. */
  readonly names?: readonly string[];
  /** When it ends. Default: in ten years. */
  readonly notAfter?: Date;
}

/**
 * Makes the certificates in a directory, or reads the ones made before. They are valid for
 * `127.0.0.1` too.
 *
 * @example
 * const expired = await localCertificates(directory, { notAfter: new Date(Date.now() - 3_600_000) });
 */
export async function localCertificates(
  directory: string,
  terms: CertificateTerms = {},
): Promise<Certificates> {
  const caFile = join(directory, 'ca.pem');
  const certificateFile = join(directory, 'server.pem');
  const keyFile = join(directory, 'server.key');
  if (!existsSync(caFile)) await write(caFile, certificateFile, keyFile, terms);
  return { ca: readFileSync(caFile, 'utf8'), certificateFile, keyFile };
}

async function write(
  caFile: string,
  certificateFile: string,
  keyFile: string,
  { names = ['localhost'], notAfter: end }: CertificateTerms,
): Promise<void> {
  // Loaded here: only servers with TLS pay for it.
  await import('reflect-metadata');
  const x509 = await import('@peculiar/x509');
  x509.cryptoProvider.set(webcrypto as Crypto);
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const newKeys = () => webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const notBefore = new Date(Date.now() - 24 * 3600 * 1000);
  const notAfter = new Date(Date.now() + 3650 * 24 * 3600 * 1000);
  const validity = { notBefore, notAfter, signingAlgorithm: algorithm };
  const authority = await newKeys();
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    ...validity,
    serialNumber: '01',
    name: 'CN=Local test authority',
    keys: authority,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
    ],
  });
  const server = await newKeys();
  const certificate = await x509.X509CertificateGenerator.create({
    ...validity,
    ...(end ? { notAfter: end } : {}),
    serialNumber: '02',
    subject: `CN=${names[0]}`,
    issuer: ca.subject,
    signingKey: authority.privateKey,
    publicKey: server.publicKey,
    extensions: [
      new x509.SubjectAlternativeNameExtension([
        ...names.map((value) => ({ type: 'dns', value }) as const),
        { type: 'ip', value: '127.0.0.1' },
      ]),
    ],
  });
  const key = await webcrypto.subtle.exportKey('pkcs8', server.privateKey);
  writeFileSync(keyFile, x509.PemConverter.encode(key, 'PRIVATE KEY'), { mode: 0o600 });
  writeFileSync(certificateFile, certificate.toString('pem'));
  writeFileSync(caFile, ca.toString('pem'));
}
