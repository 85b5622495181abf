import {
  planImport,
  type ResolutionInput,
  type ResolvedEnvironment,
  type Runtime,
  type RuntimeVariable,
  VALUE_NAMES,
} from '@spire/access';
import { CliError } from '../errors.ts';

/** A variable that the connector needs, as a runtime has it. Its value is never kept. */
export interface ComparedVariable {
  readonly name: string;
  readonly there: RuntimeVariable['kind'] | 'missing';
  /** Beside this machine's; null where that can't be told. */
  readonly same: boolean | null;
}

/** A runtime beside what the connector needs. */
export interface RuntimeComparison {
  readonly runtime: string;
  readonly variables: readonly ComparedVariable[];
}

/**
 * Compares what a runtime has set with what the connector needs for an environment.
 *
 * @throws AccessError `ENVIRONMENT_MISMATCH` when it is another environment's.
 */
export function compareRuntime(
  runtime: Runtime,
  environment: ResolvedEnvironment,
  input: ResolutionInput,
): RuntimeComparison {
  // Refuses what is another environment's, as taking values from there would.
  planImport(runtime, environment.name, input);
  return {
    runtime: runtime.description,
    variables: neededKeys(environment).map(([names, known]) => compare(runtime, names, known)),
  };
}

/** @throws CliError `RUNTIME_DIFFERS` when something is missing or differs. */
export function requireEqual({ runtime, variables }: RuntimeComparison): void {
  const names = (wrong: (one: ComparedVariable) => boolean) =>
    variables.filter(wrong).map(({ name }) => name);
  const missing = names(({ there }) => there === 'missing');
  const different = names(({ same }) => same === false);
  if (missing.length + different.length === 0) return;
  const parts = [
    ...(missing.length > 0 ? [`lacks ${missing.join(', ')}`] : []),
    ...(different.length > 0 ? [`differs from this machine in ${different.join(', ')}`] : []),
  ];
  throw new CliError('RUNTIME_DIFFERS', `${runtime} ${parts.join(', and ')}.`, [
    ...(missing.length > 0 ? ['Set what is missing there; secrets as references.'] : []),
    ...(different.length > 0 ? ['See what this machine has, and from where: spire env show'] : []),
  ]);
}

type Needed = readonly [names: readonly string[], known: string | undefined];

function neededKeys({ name, values }: ResolvedEnvironment): Needed[] {
  const { host, vaultAddress, readPath } = values;
  return [
    [['DEPLOYMENT_ENV'], name],
    // Without one here, Vault's secret has it.
    ...(host ? [[VALUE_NAMES.host.names, host.value] as const] : []),
    [VALUE_NAMES.vaultAddress.names, vaultAddress?.value],
    // Everybody has a token of their own.
    [VALUE_NAMES.vaultToken.names, undefined],
    ...(readPath && readPath.origin.kind !== 'default'
      ? [[VALUE_NAMES.readPath.names, readPath.value] as const]
      : []),
  ];
}

function compare(
  { variables }: Runtime,
  names: readonly string[],
  known: string | undefined,
): ComparedVariable {
  const found = variables.find((one) => names.includes(one.name));
  const [name = ''] = names;
  if (!found) return { name, there: 'missing', same: null };
  const same =
    found.kind === 'value' && known !== undefined
      ? normalized(names, found.value.reveal()) === known
      : null;
  return { name: found.name, there: found.kind, same };
}

/** As the environment's values are: an address may be written in two ways. */
function normalized(names: readonly string[], text: string): string {
  const value = Object.values(VALUE_NAMES).find((one) => one.names === names);
  return value ? String(value.parse(text)) : text;
}
