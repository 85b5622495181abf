import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { type ApiServer, freePort, startAstronomer, startDatabricks } from '@spire/servers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type AstronomerOptions,
  type DatabricksOptions,
  type Runtime,
  readAstronomer,
  readDatabricks,
  Secret,
} from '../src/index.ts';

const TOKEN = 'canary-token';
const SECRETS = /canary/;

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'spire-runtime-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** A runtime's variables as text: a hidden one in stars. */
function shown({ variables }: Runtime): Record<string, string> {
  return Object.fromEntries(
    variables.map((one) => [
      one.name,
      one.kind === 'value'
        ? one.value.reveal()
        : one.kind === 'reference'
          ? `reference ${one.reference}`
          : '***',
    ]),
  );
}

/** What a promise fails with; nothing secret may be in it. */
async function failure(promise: Promise<unknown>): Promise<Error> {
  const error = await promise.then(
    () => {
      throw new Error('it did not fail');
    },
    (caught: unknown) => caught as Error,
  );
  const all = [error.message, error.stack, JSON.stringify(error)].join();
  expect(all + inspect(error, { depth: 10, showHidden: true })).not.toMatch(SECRETS);
  return error;
}

describe('readDatabricks', () => {
  let databricks: ApiServer;
  const seen = () => databricks.requests.slice(before).map(({ path }) => path);
  let before: number;
  beforeAll(async () => {
    const variables = {
      DB_HOSTNAME: 'canary.example.com',
      VAULT_TOKEN: '{{secrets/team/vault}}',
      DB_USER: '',
      PYSPARK_PYTHON: 'canary-python',
    };
    const job = (name: string, job_id: number, settings: object = {}) => ({
      job_id,
      settings: { name, ...settings },
    });
    const cluster = (value: string) => ({ spark_env_vars: { DB_HOSTNAME: value } });
    databricks = await startDatabricks({
      token: TOKEN,
      principal: { id: 'app', secret: 'canary-secret' },
      pageSize: 2,
      clusters: [
        { cluster_id: '0101-000000-aa', cluster_name: 'etl', spark_env_vars: variables },
        { cluster_id: '0101-000000-bb', cluster_name: 'twice' },
        { cluster_id: '0101-000000-cc', cluster_name: 'twice' },
        { cluster_id: '0101-000000-dd', cluster_name: 'job-1-run-2', cluster_source: 'JOB' },
        { cluster_id: '0101-000000-ee', cluster_name: 'last', cluster_source: 'UI' },
      ],
      jobs: [
        job('Nightly', 1, {
          job_clusters: [
            { job_cluster_key: 'a', new_cluster: { spark_env_vars: { DB_NAME: 'd' } } },
            { job_cluster_key: 'b', new_cluster: { spark_env_vars: { DB_NAME: 'd' } } },
            { job_cluster_key: 'c', new_cluster: { spark_env_vars: variables } },
          ],
          tasks: [
            { task_key: 'one', job_cluster_key: 'a' },
            { task_key: 'two', new_cluster: { spark_env_vars: { DB_PORT: '6000' } } },
            { task_key: 'three', job_cluster_key: 'b' },
            {
              task_key: 'four',
              for_each_task: {
                task: { task_key: 'each', new_cluster: { spark_env_vars: { DB_USER: 'u' } } },
              },
            },
          ],
        }),
        job('disagree', 2, {
          job_clusters: [{ job_cluster_key: 'a', new_cluster: cluster('canary-1') }],
          tasks: [{ task_key: 'train', new_cluster: cluster('canary-2') }],
        }),
        job('elsewhere', 3, {
          tasks: [{ task_key: 'one', existing_cluster_id: '0101-000000-aa' }],
        }),
        job('same', 4),
        job('SAME', 5),
        job('same', 6),
      ],
    });
  });
  beforeEach(() => {
    before = databricks.requests.length;
  });
  afterAll(() => databricks?.stop());

  const variables = (more: Record<string, string> = {}) => ({
    HOME: home,
    DATABRICKS_HOST: databricks.address,
    DATABRICKS_TOKEN: TOKEN,
    ...more,
  });
  const read = (options: Partial<DatabricksOptions> = {}) =>
    readDatabricks({ variables: variables(), ...options });
  const readEtl = (options: Partial<DatabricksOptions>) => read({ cluster: 'etl', ...options });

  describe('a cluster', () => {
    it.each([
      ['id', '0101-000000-aa', ['/api/2.1/clusters/get?cluster_id=0101-000000-aa']],
      [
        'name, on whichever page',
        'last',
        ['', '&page_token=2', '&page_token=4'].map(
          (page) => `/api/2.1/clusters/list?page_size=100${page}`,
        ),
      ],
    ])('is found by %s', async (_, cluster, paths) => {
      const { description } = await read({ cluster });
      expect(description).toMatch(/^Databricks cluster \w+ \(0101-000000-\w+\)$/);
      expect(seen()).toEqual(paths);
    });

    it('gives the variables that Spire knows, and references as they are written', async () => {
      const runtime = await read({ cluster: 'etl' });
      expect(runtime.description).toBe('Databricks cluster etl (0101-000000-aa)');
      expect(shown(runtime)).toEqual({
        DB_HOSTNAME: 'canary.example.com',
        VAULT_TOKEN: 'reference {{secrets/team/vault}}',
      });
      expect(inspect(runtime, { depth: 9, showHidden: true })).not.toMatch(SECRETS);
    });

    it('may have no variables', async () => {
      expect((await read({ cluster: 'last' })).variables).toEqual([]);
    });

    it.each([
      ['0101-000000-zz', "doesn't know cluster 0101-000000-zz.", 'Check its id, and the address.'],
      ['nope', 'shows no cluster called nope.', 'Name one: --cluster etl'],
      ['twice', 'has 2 clusters called twice.', 'Name one: --cluster 0101-000000-bb'],
      [undefined, 'has 4 clusters.', 'Name one: --cluster etl'],
    ])('is asked for when %s is none', async (cluster, message, suggestion) => {
      const error = await failure(read({ cluster }));
      expect(error).toMatchObject({
        code: 'RUNTIME_NOT_FOUND',
        message: `Databricks at ${databricks.address} ${message}`,
      });
      expect(error).toHaveProperty(['suggestions', 0], suggestion);
    });

    it('needs no name where there is only one, besides those of job runs', async () => {
      const only = await startDatabricks({
        token: TOKEN,
        clusters: [
          { cluster_id: '1', cluster_name: 'job-1-run-2', cluster_source: 'JOB' },
          { cluster_id: '2', cluster_name: 'etl', cluster_source: 'API' },
        ],
      });
      const runtime = await read({ variables: variables({ DATABRICKS_HOST: only.address }) });
      await only.stop();
      expect(runtime.description).toBe('Databricks cluster etl (2)');
    });
  });

  describe('a job', () => {
    it.each(['1', 'Nightly', 'nightly'])('gives those of all its clusters: %s', async (job) => {
      const runtime = await read({ job });
      expect(runtime.description).toBe('Databricks job Nightly (1)');
      expect(shown(runtime)).toEqual({
        DB_HOSTNAME: 'canary.example.com',
        DB_PORT: '6000',
        DB_NAME: 'd',
        DB_USER: 'u',
        VAULT_TOKEN: 'reference {{secrets/team/vault}}',
      });
      expect(seen()).toContain('/api/2.2/jobs/get?job_id=1&page_token=2');
    });

    it('has to have clusters that agree', async () => {
      expect(await failure(read({ job: 'disagree' }))).toMatchObject({
        code: 'VALUES_CONFLICT',
        message:
          'Databricks job disagree (2): its clusters a and of task train disagree on DB_HOSTNAME.',
      });
    });

    it.each([
      ['99', "doesn't know job 99.", ['Check its id, and the address.']],
      ['nope', 'shows no job called nope.', ['Check its name, and whether the token may see it.']],
      ['same', 'has 3 jobs called same.', [4, 5, 6].map((id) => `Name one: --job ${id}`)],
    ])('is asked for when %s is none', async (job, message, suggestions) => {
      expect(await failure(read({ job }))).toMatchObject({
        code: 'RUNTIME_NOT_FOUND',
        message: `Databricks at ${databricks.address} ${message}`,
        suggestions,
      });
    });

    it('names the cluster on which it runs when that is not its own', async () => {
      expect(await failure(read({ job: 'elsewhere' }))).toMatchObject({
        code: 'RUNTIME_NOT_FOUND',
        message: 'Databricks job elsewhere (3) makes no cluster of its own.',
        suggestions: ['It runs on another: --cluster 0101-000000-aa'],
      });
    });
  });

  describe('the way in', () => {
    const here = (text: string) => text.replaceAll('HOST', databricks.address);
    const profiles = (text: string, name = '.databrickscfg') => {
      writeFileSync(join(home, name), here(text));
      return join(home, name);
    };
    const program = (script: string) => {
      writeFileSync(join(home, 'databricks'), `#!/bin/sh\n${script}\n`);
      chmodSync(join(home, 'databricks'), 0o755);
    };
    /** Where no token must go. */
    const ELSEWHERE = 'http://127.0.0.1:1';
    const wrong = { DATABRICKS_HOST: ELSEWHERE, DATABRICKS_TOKEN: 'canary-wrong' };
    const right = { DATABRICKS_HOST: 'HOST', DATABRICKS_TOKEN: TOKEN };
    const ownWrong = { host: ELSEWHERE, token: new Secret('canary-wrong') };
    const profile = (name: string) => `[${name}]\nhost = HOST\ntoken = ${TOKEN}\n`;
    const profileWrong = (name: string) => `[${name}]\nhost = ${ELSEWHERE}\ntoken = canary-wrong\n`;

    it.each<[string, string, Partial<DatabricksOptions>]>([
      ['a named profile, not the variables', profile('dev'), { profile: 'dev', variables: wrong }],
      [
        'the variables, not a profile that they name',
        profileWrong('dev'),
        { variables: { ...right, DATABRICKS_CONFIG_PROFILE: 'dev' } },
      ],
      [
        'the profile that the variables name, not the config file',
        profile('a.b'),
        { variables: { DATABRICKS_CONFIG_PROFILE: 'a.b' }, own: ownWrong },
      ],
      [
        'the config file, not the default profile',
        profileWrong('DEFAULT'),
        { own: { host: 'HOST', token: new Secret(TOKEN) } },
      ],
      [
        'the profile that the settings name, not DEFAULT',
        `[__settings__]\ndefault_profile = dev\n${profileWrong('DEFAULT')}${profile('dev')}`,
        {},
      ],
      ['the profile DEFAULT', profile('DEFAULT'), {}],
      [
        'a profile, not a token without a host',
        profile('DEFAULT'),
        { variables: { DATABRICKS_TOKEN: 'canary-wrong' } },
      ],
      [
        'a profile, not a host without a token',
        profile('DEFAULT'),
        { variables: { DATABRICKS_HOST: 'HOST/?o=1' } },
      ],
      [
        'a profile, not half of the config file',
        profile('DEFAULT'),
        { own: { token: new Secret('canary-wrong') } },
      ],
      [
        'a service principal of a profile',
        '[DEFAULT]\nhost = HOST\nclient_id = app\nclient_secret = canary-secret',
        {},
      ],
    ])('is %s', async (_, text, { variables: given = {}, own, ...options }) => {
      profiles(text);
      const texts = Object.entries(given).map(([name, value]) => [name, here(`${value}`)]);
      await readEtl({
        ...options,
        variables: { HOME: home, ...Object.fromEntries(texts) },
        own: own && { ...own, host: own.host && here(own.host) },
      });
      const unauthorized = databricks.requests.slice(before).filter((one) => !one.authorized);
      expect(unauthorized.filter(({ path }) => path !== '/oidc/v1/token')).toEqual([]);
    });

    it('may be a service principal of the variables', async () => {
      const principal = {
        HOME: home,
        DATABRICKS_HOST: databricks.address,
        DATABRICKS_CLIENT_ID: 'app',
        DATABRICKS_CLIENT_SECRET: 'canary-secret',
      };
      await readEtl({ variables: principal });
      expect(seen()[0]).toBe('/oidc/v1/token');
      const refused = { ...principal, DATABRICKS_CLIENT_SECRET: 'canary-other' };
      expect(await failure(readEtl({ variables: refused }))).toMatchObject({
        code: 'RUNTIME_DENIED',
        message: `Databricks at ${databricks.address} refuses the service principal of DATABRICKS_CLIENT_ID, asked for a token.`,
      });
    });

    it('reads the file that DATABRICKS_CONFIG_FILE names, also below ~', async () => {
      const file = profiles(profile('DEFAULT'), 'other.cfg');
      for (const DATABRICKS_CONFIG_FILE of [file, '~/other.cfg']) {
        await readEtl({ variables: { HOME: home, DATABRICKS_CONFIG_FILE } });
      }
    });

    it.each(['', 'auth_type = databricks-cli\ntoken = canary-old'])(
      'lets the program databricks give the token of a login: %s',
      async (more) => {
        profiles(`[my dev]\nhost=HOST\n${more}`);
        program(`
          [ "$*" = "auth token --profile my dev" ] || exit 2
          [ -z "$VAULT_TOKEN$DATABRICKS_TOKEN$DATABRICKS_HOST" ] || exit 3
          echo '{"access_token": "canary-token", "token_type": "Bearer"}'`);
        const secrets = { ...wrong, VAULT_TOKEN: 'canary' };
        const given = { HOME: home, PATH: `${home}:${process.env.PATH}`, ...secrets };
        await readEtl({ profile: 'my dev', variables: given });
      },
    );

    it.each([
      [
        'is missing',
        '',
        "Profile dev is logged in by the program databricks, which isn't on PATH.",
        'Install it: https://docs.databricks.com/dev-tools/cli/install.html',
      ],
      [
        'fails',
        'echo canary-out; echo canary-err >&2; exit 1',
        'The program databricks gives no token of profile dev.',
        'Log in: databricks auth login --profile dev',
      ],
      [
        'prints something else',
        'echo canary-out',
        "This can't be a token: the token of profile dev (FILE).",
        'Copy it again: it is one word.',
      ],
      [
        'hangs',
        'exec sleep 60',
        'The program databricks gives no token of profile dev.',
        'Log in: databricks auth login --profile dev',
      ],
    ])('says so when the program %s', async (_, script, message, suggestion) => {
      const file = profiles('[dev]\nhost=HOST');
      if (script) program(script);
      const PATH = script ? `${home}:${process.env.PATH}` : home;
      const given = { profile: 'dev', variables: { HOME: home, PATH }, timeoutMillis: 1000 };
      const error = await failure(readEtl(given));
      expect(error).toMatchObject({
        code: 'RUNTIME_NOT_CONFIGURED',
        message: message.replace('FILE', file),
      });
      expect(error).toHaveProperty(['suggestions', 0], suggestion);
    });

    it.each([
      [
        'nothing',
        '[DEFAULT]',
        {},
        'Nothing says how to reach Databricks.',
        'Or set both DATABRICKS_HOST and DATABRICKS_TOKEN.',
      ],
      [
        'a profile that is not there',
        '[dev]\nhost=HOST',
        { profile: 'nope' },
        'There is no profile nope (FILE).',
        'Or name a profile: --profile dev',
      ],
      [
        'a profile without a host',
        '[dev]\ntoken=canary',
        { profile: 'dev' },
        'There is no host in profile dev (FILE).',
        'Make it: databricks auth login --profile dev',
      ],
      [
        'a host that would show the token',
        '[dev]\nhost=http://h.example.com\ntoken=canary',
        { profile: 'dev' },
        "The host that goes with profile dev (FILE) can't be used.",
        'Write it as https://HOST (http:// is for loopback alone).',
      ],
      [
        'a host without a token, when all else is of another one',
        '[DEFAULT]\nhost=HOST\ntoken=canary',
        { variables: { DATABRICKS_HOST: 'h.example.com' } },
        "DATABRICKS_HOST isn't the host of profile DEFAULT (FILE).",
        'Set DATABRICKS_TOKEN too, or unset DATABRICKS_HOST.',
      ],
      [
        'a token that is none',
        '[dev]\nhost=HOST\ntoken=canary canary',
        { profile: 'dev' },
        "This can't be a token: the token of profile dev (FILE).",
        'Copy it again: it is one word.',
      ],
    ])('says what to do with %s', async (_, text, options, message, suggestion) => {
      const file = profiles(text);
      const given = { HOME: home, ...('variables' in options ? options.variables : {}) };
      const error = await failure(readEtl({ ...options, variables: given }));
      expect(error).toMatchObject({
        code: 'RUNTIME_NOT_CONFIGURED',
        message: message.replace('FILE', file),
        suggestions: expect.arrayContaining([suggestion]),
      });
    });

    it('says that the file of profiles can not be read', async () => {
      const given = { HOME: home, DATABRICKS_CONFIG_FILE: home };
      expect(await failure(readEtl({ variables: given }))).toMatchObject({
        code: 'RUNTIME_NOT_CONFIGURED',
        message: `${home} can't be read (EISDIR).`,
      });
    });
  });

  describe('what the server answers', () => {
    const refused = (source: string) => `refuses the token of ${source}, asked for the clusters.`;

    it('names the source of the token that is refused', async () => {
      const given = variables({ DATABRICKS_TOKEN: 'canary-wrong' });
      expect(await failure(readEtl({ variables: given }))).toMatchObject({
        code: 'RUNTIME_DENIED',
        message: `Databricks at ${databricks.address} ${refused('DATABRICKS_TOKEN')}`,
        suggestions: [
          'It may have expired, or not be allowed to see this.',
          'Make a new one, and write it where this one is: DATABRICKS_TOKEN.',
        ],
      });
    });

    it.each([
      [401, {}, 'RUNTIME_DENIED', refused('DATABRICKS_TOKEN')],
      [403, {}, 'RUNTIME_DENIED', refused('DATABRICKS_TOKEN')],
      [404, {}, 'RUNTIME_NOT_FOUND', "doesn't know the clusters."],
      [429, { 'Retry-After': '60' }, 'RUNTIME_RATE_LIMITED', 'asks to slow down.'],
      [
        429,
        { 'Retry-After': 'Wed, 21 Oct 2026 07:28:00 GMT' },
        'RUNTIME_RATE_LIMITED',
        'asks to slow down.',
      ],
      [500, {}, 'RUNTIME_UNAVAILABLE', 'answered with status 500.'],
      [303, { Location: '/login?canary' }, 'RUNTIME_UNAVAILABLE', 'answered with status 303.'],
    ])('says what %i means', async (status, headers, code, message) => {
      databricks.answerNext({ status, headers, body: '<html>canary-body</html>' });
      expect(await failure(readEtl({}))).toMatchObject({
        code,
        message: `Databricks at ${databricks.address} ${message}`,
      });
      expect(seen()).toHaveLength(1);
    });

    it.each(['<html>canary-body</html>', '"canary"', '["canary"]', 'null', ''])(
      'says that it is no Databricks that answers %j',
      async (body) => {
        databricks.answerNext({ body });
        expect(await failure(readEtl({}))).toMatchObject({
          code: 'RUNTIME_UNAVAILABLE',
          message: `What answers at ${databricks.address} doesn't seem to be Databricks.`,
        });
      },
    );

    it('takes what is not of the expected shape for absent', async () => {
      databricks.answerNext({ body: { clusters: 'canary', next_page_token: {} } });
      expect(await failure(readEtl({}))).toMatchObject({ code: 'RUNTIME_NOT_FOUND' });
    });

    const busy = { status: 429, headers: { 'Retry-After': '0' }, body: {} };

    it('asks again when it is asked to wait a little', async () => {
      databricks.answerNext(busy);
      databricks.answerNext(busy);
      await readEtl({});
      expect(seen().length).toBeGreaterThan(2);
    });

    it('asks three times at most', async () => {
      for (let times = 0; times < 3; times += 1) databricks.answerNext(busy);
      expect(await failure(readEtl({}))).toMatchObject({
        code: 'RUNTIME_RATE_LIMITED',
        suggestions: ['Try again in a while.'],
      });
      expect(seen()).toHaveLength(3);
    });

    it('is told when there is no answer', async () => {
      const address = `http://127.0.0.1:${await freePort()}`;
      const given = variables({ DATABRICKS_HOST: address });
      expect(await failure(readEtl({ variables: given }))).toMatchObject({
        code: 'RUNTIME_UNAVAILABLE',
        message: `Databricks at ${address} doesn't answer (ECONNREFUSED).`,
      });
    });

    it('is waited for no longer than it may take', async () => {
      const silent = createServer(() => {});
      await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
      const address = silent.address();
      const port = typeof address === 'object' ? address?.port : 0;
      const given = variables({ DATABRICKS_HOST: `http://127.0.0.1:${port}` });
      const error = await failure(readEtl({ variables: given, timeoutMillis: 200 }));
      silent.close();
      expect(error).toMatchObject({
        code: 'RUNTIME_UNAVAILABLE',
        message: expect.stringContaining('(none within 200 ms)'),
      });
    });
  });
});

describe('readAstronomer', () => {
  const ORGANIZATION = `c${'o'.repeat(24)}`;
  const ETL = `c${'e'.repeat(24)}`;
  let astronomer: ApiServer;
  let before: number;
  const seen = () => astronomer.requests.slice(before).map(({ path }) => path);
  const variable = (key: string, value: string, isSecret = false) => ({ key, value, isSecret });
  beforeAll(async () => {
    const deployment = (id: string, name: string, workspace: string) => ({
      id,
      name,
      workspaceId: `w-${workspace}`,
      workspaceName: workspace,
    });
    astronomer = await startAstronomer({
      token: TOKEN,
      pageSize: 2,
      organizations: [
        {
          id: ORGANIZATION,
          name: 'Acme',
          deployments: [
            deployment('d1', 'twice', 'one'),
            deployment('d2', 'twice', 'two'),
            {
              ...deployment(ETL, 'etl', 'two'),
              environmentVariables: [
                variable('DB_HOSTNAME', 'canary.example.com'),
                variable('VAULT_TOKEN', 'canary-vault', true),
                variable('VAULT_ADDRESS', '{{secrets/a/b}}'),
                variable('DB_USER', ''),
                variable('AIRFLOW_HOME', 'canary-airflow'),
              ],
              linkedVariables: [
                variable('DB_HOSTNAME', 'canary-linked'),
                variable('DB_NAME', 'spire_db'),
                variable('VAULT_TOKEN', 'canary-linked'),
                variable('DB_PASSWORD', 'canary-password', true),
                variable('DB_USER', 'canary-linked'),
              ],
            },
          ],
        },
      ],
    });
  });
  beforeEach(() => {
    before = astronomer.requests.length;
  });
  afterAll(() => astronomer?.stop());

  const variables = (more: Record<string, string> = {}) => ({
    ASTRO_API_TOKEN: TOKEN,
    ASTRO_API_URL: `${astronomer.address}/v1`,
    ...more,
  });
  const read = (options: Partial<AstronomerOptions> = {}) =>
    readAstronomer({ variables: variables(), ...options });

  it('gives what Spire knows of the deployment, and below it of the Environment Manager', async () => {
    const runtime = await read({ deployment: 'etl' });
    expect(runtime.description).toBe(`Astronomer deployment etl (${ETL})`);
    expect(shown(runtime)).toEqual({
      DB_HOSTNAME: 'canary.example.com',
      DB_NAME: 'spire_db',
      DB_PASSWORD: '***',
      VAULT_ADDRESS: 'reference {{secrets/a/b}}',
      VAULT_TOKEN: '***',
    });
    expect(inspect(runtime, { depth: 9, showHidden: true })).not.toMatch(SECRETS);
    expect(astronomer.requests.slice(before).every(({ authorized }) => authorized)).toBe(true);
  });

  it('asks for nothing that it is told', async () => {
    await read({ organization: ORGANIZATION, deployment: ETL });
    const root = `/v1/organizations/${ORGANIZATION}`;
    const objects = `${root}/environment-objects?deploymentId=${ETL}&objectType=ENVIRONMENT_VARIABLE&resolveLinked=true&showSecrets=false&limit=100&offset=`;
    expect(seen()).toEqual([`${root}/deployments/${ETL}`, ...[0, 2, 4].map((at) => objects + at)]);
  });

  it.each([
    ['a variable', {}, { ASTRO_ORGANIZATION_ID: ORGANIZATION }],
    ['its name', { organization: 'Acme' }, {}],
    ['there being only one', {}, {}],
  ])('finds the organization by %s', async (_, options, more) => {
    expect(
      (await read({ deployment: 'etl', variables: variables(more), ...options })).description,
    ).toContain(ETL);
  });

  it.each([
    [{ deployment: 'd1' }, 'd1'],
    [{ deployment: 'etl' }, ETL],
    [{ deployment: 'twice', workspace: 'w-two' }, 'd2'],
    [{ deployment: 'twice', workspace: 'one' }, 'd1'],
    [{ workspace: 'one' }, 'd1'],
  ])('finds the deployment by %j', async (options, id) => {
    expect((await read(options)).description).toContain(`(${id})`);
  });

  it.each([
    [{}, 'has 3 deployments.', 'Name one: --deployment d1'],
    [{ deployment: 'twice' }, 'has 2 deployments called twice.', 'Name one: --deployment d1'],
    [{ deployment: 'nope' }, 'shows no deployment called nope.', 'Name one: --deployment d1'],
    [
      { deployment: `c${'x'.repeat(24)}` },
      `doesn't know deployment c${'x'.repeat(24)}.`,
      'Check its id, and the address.',
    ],
    [
      { organization: 'Other' },
      'shows no organization called Other.',
      'Name one: --organization Acme',
    ],
  ])('says what to name instead of %j', async (options, message, suggestion) => {
    const error = await failure(read(options));
    expect(error).toMatchObject({
      code: 'RUNTIME_NOT_FOUND',
      message: `Astronomer at ${astronomer.address} ${message}`,
    });
    expect(error).toHaveProperty(['suggestions', 0], suggestion);
  });

  it('asks for the organization where the token sees several', async () => {
    const two = await startAstronomer({
      token: TOKEN,
      organizations: [
        { id: 'o1', name: 'One' },
        { id: 'o2', name: 'Two' },
      ],
    });
    const error = await failure(read({ variables: variables({ ASTRO_API_URL: two.address }) }));
    await two.stop();
    expect(error).toMatchObject({
      code: 'RUNTIME_NOT_FOUND',
      suggestions: ['Name one: --organization One', 'Name one: --organization Two'],
    });
  });

  it('says what is needed without a token', async () => {
    expect(await failure(read({ variables: {} }))).toMatchObject({
      code: 'RUNTIME_NOT_CONFIGURED',
      message: 'Nothing says how to reach Astronomer.',
    });
  });

  it('asks with a token of the config file, at the host that is written beside it', async () => {
    const own = { host: astronomer.address, token: new Secret(TOKEN) };
    const elsewhere = { ASTRO_API_URL: 'http://127.0.0.1:1', ASTRO_DOMAIN: 'example.com' };
    await read({ variables: elsewhere, own, deployment: 'etl' });
    const wrong = { ...own, token: new Secret('canary-wrong') };
    expect(await failure(read({ variables: {}, own: wrong }))).toMatchObject({
      code: 'RUNTIME_DENIED',
      message: `Astronomer at ${astronomer.address} refuses the token of Spire's config file, asked for the organizations.`,
    });
  });

  it.each([
    [{ ASTRO_DOMAIN: 'h.invalid' }, 'https://api.h.invalid'],
    [{ ASTRO_DOMAIN: 'cloud.h.invalid' }, 'https://api.h.invalid'],
  ])('asks at the domain of %j', async (domain, address) => {
    const given = { ASTRO_API_TOKEN: TOKEN, ...domain };
    expect(await failure(read({ variables: given }))).toMatchObject({
      code: 'RUNTIME_UNAVAILABLE',
      message: expect.stringContaining(`Astronomer at ${address} doesn't answer (`),
    });
  });
});
