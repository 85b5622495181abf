import { randomBytes } from 'node:crypto';
import { GenericContainer, type StartedTestContainer, Wait } from 'testcontainers';
import { whyMissing } from './postgres-image.ts';

const IMAGE = 'hashicorp/vault:1.20';
const PORT = 8200;

/**
 * Starts a real Vault and tells the tests of the conformance where it is, and where it finds Postgres.
 *
 * @returns undefined where its image can't be had; the tests learn why.
 */
export async function startVaultContainer(
  postgresAddress: string,
): Promise<StartedTestContainer | undefined> {
  const reason = await whyMissing(IMAGE);
  if (reason !== undefined) {
    process.env.SPIRE_TEST_VAULT_MISSING = `there is no image ${IMAGE}: ${reason}`;
    return undefined;
  }
  const token = randomBytes(24).toString('base64url');
  const container = await new GenericContainer(IMAGE)
    .withEnvironment({
      VAULT_DEV_ROOT_TOKEN_ID: token,
      VAULT_DEV_LISTEN_ADDRESS: `0.0.0.0:${PORT}`,
      // In development it locks no memory.
      SKIP_SETCAP: 'true',
    })
    .withExposedPorts(PORT)
    .withWaitStrategy(Wait.forHttp('/v1/sys/health', PORT))
    .start();
  process.env.SPIRE_TEST_VAULT_ADDR = `http://${container.getHost()}:${container.getMappedPort(PORT)}`;
  process.env.SPIRE_TEST_VAULT_TOKEN = token;
  process.env.SPIRE_TEST_VAULT_POSTGRES = postgresAddress;
  return container;
}
