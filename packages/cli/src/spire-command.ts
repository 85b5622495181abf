import { Command, Flags } from '@oclif/core';
import {
  type AccessMode,
  loadEnvironment,
  openCredentials,
  type ResolvedEnvironment,
} from '@spire/access';
import type { SpireDBConnector } from '@spire/sdk';
import { confirmWrite } from './confirmation.ts';
import { pasteLine } from './paste-line.ts';
import { printError } from './render/error.ts';
import { usageError } from './usage-error.ts';

/** The flag that names the environment a command reads or changes. */
export const environmentFlag = {
  environment: Flags.string({
    char: 'e',
    description: 'environment to work on',
    helpValue: 'NAME',
  }),
};

/** The one device that confirms a write. */
export const confirmFlag = {
  confirm: Flags.string({
    description: 'confirm a write by the name of its environment',
    helpValue: 'ENVIRONMENT',
  }),
};

/** What `-e` and `--confirm` came out as. */
export interface TargetFlags {
  readonly environment?: string | undefined;
  readonly confirm?: string | undefined;
}

/** What every command has in common: `--json`, one way to fail, and the way to a database. */
export abstract class SpireCommand extends Command {
  static override enableJsonFlag = true;

  /** Prints the error and sets the exit code; `--json` shows code, message and suggestions alone. */
  protected override async catch(error: Error): Promise<void> {
    if ((error as { code?: string }).code === 'EEXIT') throw error;
    const ours = 'oclif' in error ? usageError(error, this.#words.join(' ')) : error;
    process.exitCode = printError(ours, this.jsonEnabled());
  }

  /** The words that name this command. */
  get #words(): string[] {
    return (this.id ?? '').split(':');
  }

  /** A message beside the data: on stderr, and not with `--json`. */
  protected note(message: string): void {
    if (!this.jsonEnabled()) process.stderr.write(`${message}\n`);
  }

  /** Says how to go on when there is another page: the same call, from there on. */
  protected notePage(next: string | undefined): void {
    if (next) this.note(`\nMore: ${pasteLine([...this.#words, ...this.argv], '--after', next)}`);
  }

  /**
   * Ends the process once what was printed is on its way. For a command that may have left something
   * behind that can't be broken off, such as the search for a host that no name server knows.
   */
  protected endNow(): void {
    setImmediate(() => process.stdout.write('', () => process.exit()));
  }

  /** Resolves the environment and says what the reader should know about the choice. */
  protected resolve(flags: TargetFlags): ResolvedEnvironment {
    const environment = loadEnvironment(process.env, flags.environment);
    for (const notice of environment.notices) this.note(`Note: ${notice}`);
    return environment;
  }

  /** Runs something that only reads. */
  protected reading<T>(
    flags: TargetFlags,
    run: (spire: SpireDBConnector) => Promise<T>,
  ): Promise<T> {
    return this.#connected(this.resolve(flags), 'read-only', run);
  }

  /**
   * Runs something that writes, after the reader was told where, and has confirmed where that is due.
   *
   * @param destroys whether rows are removed: then every environment but `local` asks.
   * @param claims whether it is going to claim a database that says of no environment that it is it.
   */
  protected async writing<T>(
    flags: TargetFlags,
    destroys: boolean,
    run: (spire: SpireDBConnector) => Promise<T>,
    claims = false,
  ): Promise<T> {
    const environment = this.resolve(flags);
    await this.confirm(environment, flags, destroys);
    return this.#connected(
      environment,
      'read-write',
      async (spire) => {
        this.note(await describeTarget(spire));
        return run(spire);
      },
      claims,
    );
  }

  /** Asks for the confirmation that a write to this environment needs. */
  protected confirm(
    environment: ResolvedEnvironment,
    flags: TargetFlags,
    destroys: boolean,
  ): Promise<void> {
    return confirmWrite(environment, {
      destroys,
      given: flags.confirm,
      interactive: !this.jsonEnabled() && Boolean(process.stdin.isTTY && process.stderr.isTTY),
      argv: [...this.#words, ...this.argv],
    });
  }

  async #connected<T>(
    environment: ResolvedEnvironment,
    access: AccessMode,
    run: (spire: SpireDBConnector) => Promise<T>,
    claims = false,
  ): Promise<T> {
    // Vault answers while the SDK is loaded.
    const credentials = openCredentials(environment, { mode: access });
    credentials.get().catch(() => {});
    const { SpireDBConnector } = await import('@spire/sdk');
    await using spire = await SpireDBConnector.create({
      environment,
      access,
      credentials,
      claims,
      pool: { max: 2, applicationName: `spire ${this.#words.join(' ')}` },
    });
    return await run(spire);
  }
}

async function describeTarget(spire: SpireDBConnector): Promise<string> {
  const { name } = spire.environment;
  const { host, database, user } = spire.pool.options;
  return `Writing to ${name}: ${host}, database ${database}, as ${user}`;
}
