import { Args, Flags } from '@oclif/core';
import {
  LOCAL,
  openVault,
  parseToken,
  type ResolvedEnvironment,
  Secret,
  waysToGetAToken,
} from '@spire/access';
import { asCalled } from '../called-as.ts';
import { CliError } from '../errors.ts';
import { readSecret } from '../hidden-question.ts';
import { lifeFlag } from '../life-flag.ts';
import { question } from '../question.ts';
import { duration } from '../render/duration.ts';
import { renderImport, renderLogin } from '../render/login.ts';
import { refuseStrayRuntime, runtimeFlags } from '../runtime-flags.ts';
import {
  acceptShared,
  currentLogin,
  type ImportResult,
  importRuntime,
  type LoginResult,
  logInByBrowser,
  logInWithToken,
  shareLogin,
} from '../services/log-in.ts';
import { openBrowser } from '../services/open-browser.ts';
import { type RuntimeKind, readRuntime } from '../services/read-runtime.ts';
import { environmentFlag, SpireCommand } from '../spire-command.ts';

const SOURCES = ['process', 'dotenv', 'databricks', 'astronomer'] as const satisfies RuntimeKind[];

/** One of the ways to a token, as flags name it. */
interface Way {
  readonly method?: string | undefined;
  readonly from?: RuntimeKind | undefined;
  readonly shared?: boolean | undefined;
  readonly share?: boolean | undefined;
  readonly contacts?: boolean | undefined;
}

const exclusive = (...others: string[]) => ({ exclusive: others });

export default class Login extends SpireCommand {
  static override summary = 'get a Vault token for an environment: the one door, with four ways';
  static override description =
    `Log in to Vault yourself (--method), take the token from where the environment runs (--from), let a colleague hand one over (--shared), or see who to ask (--contacts). Without a flag you are told who you are logged in as, or asked which way. A token is never an argument: it is asked for without echo, or read from stdin.`;
  static override examples = [
    '<%= config.bin %> login --environment development',
    '<%= config.bin %> login --environment development --method oidc',
    '<%= config.bin %> login --environment development --from databricks --cluster etl',
    '<%= config.bin %> login --environment staging --from dotenv .env.staging',
    '<%= config.bin %> login --environment development --share --life 8h',
    '<%= config.bin %> login --environment development --shared',
  ];
  static override args = {
    // What comes on stdin is a token, not an argument.
    file: Args.string({ description: 'the file to read, with --from dotenv', ignoreStdin: true }),
  };
  static override flags = {
    ...environmentFlag,
    method: Flags.string({
      description: 'log in to Vault: with a token of yours, or in the browser',
      options: ['token', 'oidc'],
      ...exclusive('from', 'shared', 'share', 'contacts'),
    }),
    port: Flags.integer({
      description: 'where the browser comes back to, with --method oidc',
      default: 8250,
      min: 1,
      max: 65_535,
    }),
    from: Flags.option({
      description: 'take it from where the environment runs',
      options: SOURCES,
      ...exclusive('shared', 'share', 'contacts'),
    })(),
    ...runtimeFlags,
    replace: Flags.boolean({ description: 'replace what the config file says otherwise' }),
    shared: Flags.boolean({
      description: 'take what a colleague shared: it is pasted without echo, or read from stdin',
      ...exclusive('share', 'contacts'),
    }),
    share: Flags.boolean({
      description: 'make a token for a colleague, with your rights at most, to be taken once',
      ...exclusive('contacts'),
    }),
    life: lifeFlag({ description: 'how long the shared token lives', default: 15 * 60 }),
    contacts: Flags.boolean({ description: 'say who to ask' }),
  };

  async run() {
    const { args, flags } = await this.parse(Login);
    const environment = this.resolve(flags);
    requireOther(environment);
    if (args.file !== undefined && flags.from !== 'dotenv')
      throw new CliError('USAGE', 'A file is read with --from dotenv alone.');
    if (flags.from !== 'databricks' && flags.from !== 'astronomer')
      refuseStrayRuntime(flags, 'spire login --from databricks');
    const named = [flags.method, flags.from, flags.shared, flags.share, flags.contacts].some(
      Boolean,
    );
    const current = named ? undefined : await currentLogin(environment);
    if (current) return this.#done(current);
    const way: Way = named ? flags : await this.#askWay(environment);
    if (way.contacts) return this.#contacts(environment);
    if (way.share) return this.#share(environment, flags.life);
    if (way.shared) return this.#shared(environment, flags.replace);
    if (way.from) {
      const file = args.file ?? (named ? undefined : await this.#askFile(way.from));
      const runtime = await readRuntime(
        way.from,
        { ...flags, file },
        environment.name,
        process.env,
      );
      return this.#imported(
        environment,
        await importRuntime(runtime, environment.name, flags.replace, process.env),
      );
    }
    return this.#done(
      way.method === 'oidc'
        ? await this.#oidc(environment, flags.port)
        : await this.#token(environment),
    );
  }

  /** The four ways as a menu; without a terminal, the flags that name them. */
  async #askWay(environment: ResolvedEnvironment): Promise<Way> {
    const { name, values } = environment;
    if (this.jsonEnabled() || !process.stdin.isTTY || !process.stderr.isTTY) {
      throw new CliError('USAGE', `Say how to log in to ${name}.`, waysToGetAToken(environment));
    }
    const method = values.authMethod?.value ?? 'token';
    const choose = async (title: string, choices: readonly string[]) => {
      const lines = choices.map((choice, index) => `  ${index + 1}  ${choice}`);
      const answer = await question(`${[title, ...lines].join('\n')}\n1 to ${choices.length}: `);
      const choice = choices[Number(answer) - 1];
      if (choice === undefined) throw new CliError('USAGE', 'Nothing was chosen.');
      return Number(answer) - 1;
    };
    const ways: readonly (() => Way | Promise<Way>)[] = [
      () => ({ method }),
      async () => ({ from: SOURCES[await choose('From where?', SOURCES)] }),
      () => ({ shared: true }),
      () => ({ contacts: true }),
    ];
    const chosen = await choose(`How do you get a Vault token for ${name}?`, [
      `I log in to Vault (${method === 'oidc' ? 'in the browser' : 'with a token'})`,
      'It is in a cluster, a deployment, a file or this process',
      'A colleague hands one over',
      'I have to ask somebody',
    ]);
    return (await ways[chosen]?.()) ?? {};
  }

  async #askFile(from: string): Promise<string | undefined> {
    return from === 'dotenv' ? question('Which file? ') : undefined;
  }

  async #token(environment: ResolvedEnvironment): Promise<LoginResult> {
    // Nobody shall type a token that can't be used.
    await openVault(environment);
    const way = `spire login -e ${environment.name} --method token`;
    const text = await readSecret(`Vault token for ${environment.name}: `, way);
    return logInWithToken(environment, asToken(text), 'token', process.env);
  }

  #oidc(environment: ResolvedEnvironment, port: number): Promise<LoginResult> {
    const onUrl = (url: string) => {
      process.stderr.write(`Log in in the browser. If it doesn't open, go there:\n\n  ${url}\n\n`);
      if (process.stderr.isTTY) openBrowser(url);
    };
    return logInByBrowser(environment, { onUrl, port }, process.env);
  }

  async #shared(environment: ResolvedEnvironment, replace: boolean) {
    const { name } = environment;
    const text = await readSecret(
      'Paste what your colleague sent: ',
      `spire login -e ${name} --shared`,
    );
    return this.#imported(
      environment,
      await acceptShared(new Secret(text), name, replace, process.env),
    );
  }

  async #share(environment: ResolvedEnvironment, life: number) {
    const { code, expiresAt } = await shareLogin(environment, life);
    const { name } = environment;
    this.note(
      `A colleague has ${duration((expiresAt.getTime() - Date.now()) / 1000 + 1)} to take this, once. Send it by a private channel:\n`,
    );
    this.log(code.reveal());
    this.note(
      `\nThey run: ${asCalled(`spire login -e ${name} --shared`)}\nTheir token lives ${duration(life)} from now (--life), and ends when you log out.`,
    );
    return { environment: name, code: code.reveal(), expiresAt: expiresAt.toISOString() };
  }

  #contacts(environment: ResolvedEnvironment) {
    const { name, contacts } = environment;
    this.log(contacts.length > 0 ? contacts.join('\n') : 'DevOps');
    if (contacts.length === 0)
      this.note(`Nobody is named. Add a list "contacts" to ${name} in the config file.`);
    return { environment: name, contacts };
  }

  #imported(environment: ResolvedEnvironment, result: ImportResult) {
    this.log(renderImport(result));
    if (result.login) return { ...this.#done(result.login), ...result };
    const token = result.variables.find((one) => one.name === 'VAULT_TOKEN');
    const why = {
      reference: 'VAULT_TOKEN is a secret reference, which only the runtime itself can resolve',
      hidden: 'VAULT_TOKEN is hidden there',
      value: 'VAULT_TOKEN was not taken',
    };
    throw new CliError(
      'TOKEN_NOT_FOUND',
      `There is no Vault token to be had from there: ${token ? why[token.kind] : 'it has no VAULT_TOKEN'}.`,
      [
        ...(result.file ? [`What else was found is in ${result.file}.`] : []),
        ...waysToGetAToken(environment).filter((line) => !line.includes('--from')),
      ],
    );
  }

  #done(login: LoginResult) {
    this.log(renderLogin(login));
    this.note(`Next: ${asCalled(`spire workflows list -e ${login.environment}`)}`);
    return { login };
  }
}

function asToken(text: string): Secret {
  try {
    return parseToken(text);
  } catch (error) {
    throw new CliError('USAGE', `VAULT_TOKEN: ${(error as Error).message}.`);
  }
}

function requireOther({ name }: ResolvedEnvironment): void {
  if (name !== LOCAL) return;
  throw new CliError('USAGE', 'local needs no login: its token was made when it was started.', [
    'Log in to another one: spire login -e development',
  ]);
}
