import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { isRdsAuthority } from '../scripts/rds-authority.ts';
import { databaseCa, databaseCaFile } from './ca-file.ts';
import type { Resolved, ResolvedEnvironment } from './environment.ts';

const BUNDLE = new URL('../certificates/rds.pem', import.meta.url);

const given = (value: string): Resolved<string> => ({
  value,
  origin: { kind: 'default' },
  overrode: [],
});

function environment(host: string, caFile?: string): ResolvedEnvironment {
  return {
    name: 'staging',
    selectedBy: { kind: 'default' },
    protected: false,
    contacts: [],
    values: { host: given(host), ...(caFile ? { caFile: given(caFile) } : {}) },
    notices: [],
  };
}

describe('the authorities of Amazon RDS', () => {
  const text = readFileSync(BUNDLE, 'utf8');
  const certificates = (text.match(/-----BEGIN.+?-----END CERTIFICATE-----/gs) ?? []).map(
    (pem) => new X509Certificate(pem),
  );

  it('are those of the checksum beside them', () => {
    const sum = createHash('sha256').update(text).digest('hex');
    expect(readFileSync(new URL('rds.pem.sha256', BUNDLE), 'utf8')).toBe(`${sum}  rds.pem\n`);
  });

  it("are Amazon RDS' own, signed by themselves, in force, and each once", () => {
    expect(certificates.length).toBe(81);
    const others = certificates.filter((one) => !isRdsAuthority(one, new Date()));
    expect(others.map(({ subject }) => subject)).toEqual([]);
    expect(new Set(certificates.map(({ fingerprint256 }) => fingerprint256)).size).toBe(81);
  });

  it('hold for years', () => {
    const soon = new Date(Date.now() + 5 * 365 * 86_400_000);
    expect(certificates.filter(({ validToDate }) => validToDate < soon)).toEqual([]);
  });

  it('are all that the file holds', () => {
    const rest = text.replaceAll(/-----BEGIN.+?-----END CERTIFICATE-----\n/gs, '');
    expect(
      rest.split('\n').filter((line) => !/^# Amazon RDS [\w-]+ Root CA \w+ G\d$/.test(line)),
    ).toEqual(['']);
  });
});

describe('the certificates to trust', () => {
  const bundle = expect.stringContaining('# Amazon RDS eu-central-1 Root CA RSA2048 G1');

  it.each([
    ['db.c1.eu-central-1.rds.amazonaws.com', bundle],
    ['db.cluster-c1.eu-central-1.rds.amazonaws.com', bundle],
    ['DB.C1.EU-CENTRAL-1.RDS.AMAZONAWS.COM.', bundle],
    ['db.c1.rds.cn-north-1.rds.amazonaws.com.cn', bundle],
    ['p.proxy-c1.eu-central-1.rds.amazonaws.com', undefined],
    ['db.example.com', undefined],
    ['rds.amazonaws.com.example.com', undefined],
    ['evilrds.amazonaws.com', undefined],
    ['db.rds.amazonaws.com.evil.cn', undefined],
  ])('of %s are %j', (host, expected) => {
    expect(databaseCa(environment(host))).toEqual(expected);
    const file = databaseCaFile(environment(host));
    expect(file === undefined ? undefined : readFileSync(file, 'utf8')).toEqual(expected);
  });

  it('are those that are named, also of a host of RDS', () => {
    const file = fileURLToPath(new URL('../package.json', import.meta.url));
    const named = environment('db.c1.eu-central-1.rds.amazonaws.com', file);
    expect(databaseCa(named)).toMatch(/"@spire\/access"/);
    expect(databaseCaFile(named)).toBe(file);
  });

  it('are said to be missing where the named file is', () => {
    const named = environment('db.c1.eu-central-1.rds.amazonaws.com', '/nowhere/ca.pem');
    expect(() => databaseCa(named)).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        message: expect.stringContaining('/nowhere/ca.pem (ENOENT)'),
      }),
    );
  });
});
