import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { getContainerRuntimeClient, ImageName } from 'testcontainers';

/** What stands in when no registry can be reached. */
const BUILT = 'spire-postgres:15';

/**
 * Why an image can't be had from the engine or its registry; undefined when it is there.
 *
 * @example
 * const reason = await whyMissing('postgres:15');
 */
export async function whyMissing(name: string): Promise<string | undefined> {
  const { image } = await getContainerRuntimeClient();
  try {
    await image.pull(ImageName.fromString(name));
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** The official image of Postgres 15 or, where it can't be had, one that is built from Debian's packages once. */
export async function postgresImage(): Promise<string> {
  const official = 'postgres:15';
  const reason = await whyMissing(official);
  if (reason === undefined) return official;
  // The image that would remove what is left when this process is killed can't be had either.
  process.env.TESTCONTAINERS_RYUK_DISABLED ??= 'true';
  const { image } = await getContainerRuntimeClient();
  if (await image.exists(ImageName.fromString(BUILT))) return BUILT;
  console.log(`There is no image ${official} (${reason}); building ${BUILT}.`);
  const script = join(import.meta.dirname, '..', 'scripts', 'build-postgres-image.sh');
  execFileSync(script, [BUILT], { stdio: 'inherit' });
  return BUILT;
}
