import {
  type DatabaseCredential,
  databaseCaFile,
  type ResolvedEnvironment,
  Secret,
} from '@spire/access';
import { expect, it } from 'vitest';
import { connectionUrl } from './connection-url.ts';

it('names the certificates of Amazon RDS to libpq, which has none of its own', () => {
  const host = 'db.c1.eu-central-1.rds.amazonaws.com';
  const environment: ResolvedEnvironment = {
    name: 'staging',
    selectedBy: { kind: 'default' },
    protected: false,
    contacts: [],
    values: { host: { value: host, origin: { kind: 'default' }, overrode: [] } },
    notices: [],
  };
  const credential: DatabaseCredential = {
    host,
    port: 5432,
    database: 'spire_db',
    user: 'ann',
    password: new Secret('p'),
    origin: { kind: 'default' },
    version: '1',
    lease: undefined,
    environment,
  };
  const { searchParams } = new URL(connectionUrl(environment, credential, { withPassword: false }));
  expect(Object.fromEntries(searchParams)).toEqual({
    sslmode: 'verify-full',
    sslrootcert: databaseCaFile(environment),
  });
});
