import { Command, Flags } from '@oclif/core';
import {
  type AccessMode,
  type Credentials,
  loadEnvironment,
  openCredentials,
  type ResolvedEnvironment,
} from '@spire/access';
import type { PoolOptions, SpireDBConnector, SpireDBConnectorOptions } from '@spire/sdk';
import { asCalled } from './called-as.ts';
import { confirmWrite, type Effect, type PendingWrite } from './confirmation.ts';
import { pasteLine } from './paste-line.ts';
import { printError } from './render/error.ts';
import { beforeChanges } from './services/interruptible.ts';
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

  /** The words that this call got after the command's; oclif keeps what it parsed. */
  readonly #typed: string[] = this.argv;

  #environment: ResolvedEnvironment | undefined;

  /** Prints the error and sets the exit code; `--json` shows code, message and suggestions alone. */
  protected override async catch(error: Error): Promise<void> {
    if ((error as { code?: string }).code === 'EEXIT') throw error;
    const ours = 'oclif' in error ? usageError(error, this.#words.join(' ')) : error;
    process.exitCode = printError(ours, this.jsonEnabled(), this.#environment?.name);
  }

  /** The words that name this command. */
  get #words(): string[] {
    return (this.id ?? '').split(':');
  }

  /**
   * This call's own words, and what stands after `--` as it was typed. oclif's parser is given the first
   * alone: it sorts words by where it finds them first, so that one that occurs twice would move.
   */
  protected get split(): { readonly own: string[]; readonly passed: string[] } {
    const end = this.#typed.indexOf('--');
    return end < 0
      ? { own: this.#typed, passed: [] }
      : { own: this.#typed.slice(0, end), passed: this.#typed.slice(end + 1) };
  }

  /** A message beside the data: on stderr, and not with `--json`. */
  protected note(message: string): void {
    if (!this.jsonEnabled()) process.stderr.write(`${asCalled(message)}\n`);
  }

  /** Says how to go on when there is another page: the same call, from there on. */
  protected notePage(next: string | undefined): void {
    if (next) this.note(`\nMore: ${pasteLine([...this.#words, ...this.#typed], '--after', next)}`);
  }

  /**
   * Ends the process once what was printed is on its way. For a command that may have left something
   * behind that can't be broken off, such as the search for a host that no name server knows.
   */
  protected endNow(): void {
    setImmediate(() => process.stdout.write('', () => process.exit()));
  }

  /** Resolves the environment and says, once, what the reader should know about the choice. */
  protected resolve(flags: TargetFlags): ResolvedEnvironment {
    if (!this.#environment) {
      this.#environment = loadEnvironment(process.env, flags.environment);
      for (const notice of this.#environment.notices) this.note(`Note: ${notice}`);
    }
    return this.#environment;
  }

  /**
   * Runs something that only reads.
   *
   * @param demands `claimedAs: null` looks at a database whichever environment it says it is.
   */
  protected reading<T>(
    flags: TargetFlags,
    run: (spire: SpireDBConnector) => Promise<T>,
    demands: Pick<SpireDBConnectorOptions, 'claimedAs'> = {},
  ): Promise<T> {
    return this.#connected(this.resolve(flags), 'read-only', run, demands);
  }

  /**
   * Runs something that writes, after the reader was told where, and has confirmed where that is due.
   *
   * @param destroys whether rows are removed: then every environment but `local` asks.
   * @param claim for what is going to say which environment the database is: it may be unclaimed, or
   * claimed for another one, whose name has to be typed then.
   */
  protected async writing<T>(
    flags: TargetFlags,
    destroys: boolean,
    run: (spire: SpireDBConnector) => Promise<T>,
    claim?: { readonly from: string | undefined },
  ): Promise<T> {
    const environment = this.resolve(flags);
    const does = destroys ? 'removes data from' : 'writes to';
    await this.confirm(
      environment,
      flags,
      does,
      claim?.from === undefined ? {} : { word: claim.from },
    );
    return this.#connected(
      environment,
      'read-write',
      async (spire) => {
        this.note(await describeTarget(spire));
        return run(spire);
      },
      {
        claims: claim !== undefined,
        ...(claim?.from === undefined ? {} : { claimedAs: claim.from }),
      },
    );
  }

  /** Runs something that was confirmed before, with the rights of who writes. */
  protected confirmed<T>(
    flags: TargetFlags,
    run: (spire: SpireDBConnector) => Promise<T>,
  ): Promise<T> {
    return this.#connected(this.resolve(flags), 'read-write', run, { claims: true });
  }

  /**
   * Runs migrations, which was confirmed before, on a session of their own.
   *
   * @param limits how long a statement may take, and wait for locks.
   */
  protected migrating<T>(
    flags: TargetFlags,
    limits: Pick<PoolOptions, 'lockMillis' | 'statementMillis'>,
    run: (spire: SpireDBConnector) => Promise<T>,
  ): Promise<T> {
    return this.#connected(
      this.resolve(flags),
      'read-write',
      async (spire) => {
        this.note(await describeTarget(spire));
        return run(spire);
      },
      { claims: true },
      { ...limits, direct: true },
    );
  }

  /** Runs something that only reads, on one session, for as long as it takes. */
  protected readingLong<T>(
    flags: TargetFlags,
    run: (spire: SpireDBConnector) => Promise<T>,
  ): Promise<T> {
    return this.#connected(this.resolve(flags), 'read-only', run, {}, unlimited(1));
  }

  /**
   * Runs something that reads one environment and writes to another, which was confirmed before.
   *
   * @param from the environment that is read.
   * @param sessions at most so many on each side.
   */
  protected moving<T>(
    flags: TargetFlags,
    from: string,
    sessions: number,
    run: (source: SpireDBConnector, target: SpireDBConnector) => Promise<T>,
  ): Promise<T> {
    const environment = loadEnvironment(process.env, from);
    for (const notice of environment.notices) this.note(`Note: ${notice}`);
    return this.#connected(
      environment,
      'read-only',
      (source) => this.replacing(flags, sessions, (target) => run(source, target)),
      {},
      unlimited(sessions),
    );
  }

  /** Runs something that replaces what a database holds, which was confirmed before. */
  protected replacing<T>(
    flags: TargetFlags,
    sessions: number,
    run: (target: SpireDBConnector) => Promise<T>,
  ): Promise<T> {
    return this.#connected(
      this.resolve(flags),
      'read-write',
      async (target) => {
        this.note(await describeTarget(target));
        return run(target);
      },
      { claims: true },
      unlimited(sessions),
    );
  }

  /**
   * Asks for the confirmation that what is done to this environment needs.
   *
   * @param demands.word what has to be typed, where that isn't the environment's name.
   * @param demands.plan the hash of the plan, which belongs to what has to be typed.
   */
  protected confirm(
    environment: ResolvedEnvironment,
    flags: TargetFlags,
    does: Effect,
    demands: Pick<PendingWrite, 'word' | 'plan'> = {},
  ): Promise<void> {
    return beforeChanges(() =>
      confirmWrite(environment, {
        does,
        ...demands,
        given: flags.confirm,
        interactive: !this.jsonEnabled() && Boolean(process.stdin.isTTY && process.stderr.isTTY),
        argv: [...this.#words, ...this.#typed],
      }),
    );
  }

  /**
   * Runs something with the variables of a child that works on the environment, after its database has
   * said which environment it is. The credential is kept alive until that ends.
   */
  protected async withChildVariables<T>(
    flags: TargetFlags & { readonly write: boolean },
    run: (environment: string, variables: NodeJS.ProcessEnv) => Promise<T>,
  ): Promise<T> {
    const resolved = this.resolve(flags);
    // Whoever may write may remove.
    if (flags.write) await this.confirm(resolved, flags, 'removes data from');
    const access = flags.write ? 'read-write' : 'read-only';
    await using credentials = openCredentials(resolved, { mode: access });
    const { SpireDBConnector } = await import('@spire/sdk');
    const { childVariables } = await import('./services/child-variables.ts');
    const name = `spire ${this.#words.join(' ')}`;
    {
      await using _ = await SpireDBConnector.create({
        environment: resolved,
        access,
        credentials: lent(credentials),
        pool: { max: 1, applicationName: name },
      });
    }
    // Another one than the connection began with, if Postgres refused that.
    const credential = await credentials.get();
    const { environment, host, database, user } = credential;
    this.note(`${environment.name}: ${host}, database ${database}, as ${user}, ${access}`);
    return await run(
      environment.name,
      childVariables(process.env, environment, credential, access, name),
    );
  }

  async #connected<T>(
    environment: ResolvedEnvironment,
    access: AccessMode,
    run: (spire: SpireDBConnector) => Promise<T>,
    demands: Pick<SpireDBConnectorOptions, 'claims' | 'claimedAs'> = {},
    pool: PoolOptions = {},
  ): Promise<T> {
    await using spire = await beforeChanges(async () => {
      // Vault answers while the SDK is loaded.
      const credentials = openCredentials(environment, { mode: access });
      credentials.get().catch(() => {});
      const { SpireDBConnector } = await import('@spire/sdk');
      return SpireDBConnector.create({
        environment,
        access,
        credentials,
        ...demands,
        pool: { max: 2, applicationName: `spire ${this.#words.join(' ')}`, ...pool },
      });
    });
    return await run(spire);
  }
}

/** Sessions that may work for hours, and set what they need by themselves. */
function unlimited(sessions: number): PoolOptions {
  return { max: sessions, statementMillis: 0, direct: true };
}

/** Credentials that somebody else closes. */
function lent(credentials: Credentials): Credentials {
  return {
    get: credentials.get,
    refresh: credentials.refresh,
    status: credentials.status,
    [Symbol.asyncDispose]: async () => {},
  };
}

async function describeTarget(spire: SpireDBConnector): Promise<string> {
  const { name } = spire.environment;
  const { host, database, user } = spire.pool.options;
  return `Writing to ${name}: ${host}, database ${database}, as ${user}`;
}
