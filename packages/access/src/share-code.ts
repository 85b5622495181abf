import { type EnvironmentValues, LOCAL, type ResolvedEnvironment } from './environment.ts';
import { AccessError } from './errors.ts';
import { knownVariables, type Runtime } from './runtime/runtime-variables.ts';
import { Secret } from './secret.ts';
import { parseToken, VALUE_NAMES } from './value-names.ts';

/** What a colleague needs besides the token to reach the environment. None of it is secret. */
const SHARED = [
  'host',
  'port',
  'database',
  'vaultAddress',
  'authMethod',
  'authMount',
  'authRole',
  'readPath',
  'writePath',
] as const satisfies readonly (keyof EnvironmentValues)[];

const PREFIX = 'spire-share.';

/** A code that was handed over. */
export interface ShareCode {
  /** The wrapping token. */
  readonly wrapping: Secret;
  /** The environment's values, as if they were a runtime's; undefined for a bare token. */
  readonly runtime: Runtime | undefined;
}

/**
 * What is handed to a colleague: the wrapping token and the environment's values that aren't defaults.
 *
 * @example
 * process.stdout.write(shareCode(environment, wrapped.token).reveal());
 */
export function shareCode(environment: ResolvedEnvironment, wrapping: Secret): Secret {
  const values: Record<string, string> = { DEPLOYMENT_ENV: environment.name };
  for (const key of SHARED) {
    const resolved = environment.values[key];
    const [name] = VALUE_NAMES[key].names;
    if (name && resolved && resolved.origin.kind !== 'default')
      values[name] = String(resolved.value);
  }
  const content = JSON.stringify({ token: wrapping.reveal(), values });
  return new Secret(PREFIX + Buffer.from(content).toString('base64url'));
}

/**
 * Reads what a colleague handed over: a code, or a bare wrapping token.
 *
 * @throws AccessError `SHARED_TOKEN_INVALID`.
 */
export function readShareCode(pasted: Secret, environment: string): ShareCode {
  const text = pasted.reveal().replace(/\s+/g, '');
  try {
    if (environment === LOCAL) throw new Error('local is on this machine alone');
    if (!text.startsWith(PREFIX)) return { wrapping: parseToken(text), runtime: undefined };
    const { token, values } = JSON.parse(
      Buffer.from(text.slice(PREFIX.length), 'base64url').toString('utf8'),
    );
    const allowed = SHARED.flatMap((key) => VALUE_NAMES[key].names);
    const given = Object.entries<unknown>(values).filter(
      ([name]) => name === 'DEPLOYMENT_ENV' || allowed.includes(name),
    );
    const runtime = { description: "your colleague's code", variables: knownVariables(given) };
    return { wrapping: parseToken(String(token)), runtime };
  } catch {
    // Without the cause, which may quote what was pasted.
    throw new AccessError('SHARED_TOKEN_INVALID', 'What was pasted is no code that Spire made.', {
      environment,
      suggestions: [
        'Paste all of it, from spire-share. to its end.',
        `Or let your colleague make another one: spire login -e ${environment} --share`,
      ],
    });
  }
}
