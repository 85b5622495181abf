import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import { BINS, Home } from './spire-process.ts';

it.each([
  [['--version'], /^@spire\/cli\/\d/],
  [['help', 'workflows', 'get'], /EXAMPLES/],
  [['autocomplete', 'script', 'bash'], /SPIRE_AC_BASH_SETUP_PATH/],
  [['env', 'show', '-e', 'development'], /spiredevusr/],
])('%j runs from the build', async (args, expected) => {
  const home = new Home();
  const { exitCode, stdout } = await home.spire(args);
  expect(stdout).toMatch(expected);
  expect(exitCode).toBe(0);
  await home.end();
});

it('brings the certificates of Amazon RDS along', async () => {
  const home = new Home({
    DEPLOYMENT_ENV: 'development',
    DB_HOSTNAME: 'db.c1.eu-central-1.rds.amazonaws.com',
    DB_USER: 'ann',
    DB_PASSWORD: 'p',
  });
  const { stdout } = await home.spire(['db', 'url', '-e', 'development']);
  const file = new URL(stdout.trim()).searchParams.get('sslrootcert') ?? '';
  expect(dirname(dirname(file))).toBe(dirname(BINS.build));
  expect(new X509Certificate(readFileSync(file)).subject).toMatch(/OU=Amazon RDS/);
  await home.end();
});
