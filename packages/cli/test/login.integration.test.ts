import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type ApiServer, freePort, startAstronomer, startDatabricks } from '@spire/servers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startDevelopment } from './practice-development.ts';
import { ended, Home } from './spire-process.ts';
import { hasTerminal, onTerminal } from './terminal.ts';

let development: Awaited<ReturnType<typeof startDevelopment>>;
let databricks: ApiServer;
let astronomer: ApiServer;
let token: string;
const homes: Home[] = [];
let home: Home;

/** A home that trusts development's certificate, and knows nothing else. */
function newHome(variables: NodeJS.ProcessEnv = {}): Home {
  const made = new Home(variables);
  development.trust(made);
  homes.push(made);
  return made;
}

/** Describes development in a home's config file. */
function configure(one: Home, more: Record<string, string> = {}): void {
  const { DEPLOYMENT_ENV: _, ...values } = { ...development.variables, ...more };
  const lines = Object.entries(values).map(([name, value]) => `    ${name}: "${value}"`);
  mkdirSync(join(one.directory, '.spire'), { recursive: true, mode: 0o700 });
  writeFileSync(config(one), ['environments:', '  development:', ...lines, ''].join('\n'), {
    mode: 0o600,
  });
}

const config = (one: Home) => join(one.directory, '.spire', 'config.yml');
const loginFile = (one: Home) => join(one.directory, '.spire', 'logins', 'development.json');
const lists = (one: Home) => one.spire(['workflows', 'list', '-e', 'development']);

beforeAll(async () => {
  development = await startDevelopment();
  token = await development.token();
  const { variables } = development;
  databricks = await startDatabricks({
    token: 'dapi-canary',
    clusters: [
      {
        cluster_id: '0101-etl',
        cluster_name: 'etl',
        spark_env_vars: { ...variables, VAULT_TOKEN: token, OTHER: 'x' },
      },
      {
        cluster_id: '0102-referring',
        cluster_name: 'referring',
        spark_env_vars: { ...variables, VAULT_TOKEN: '{{secrets/spire/token}}' },
      },
      {
        cluster_id: '0103-production',
        cluster_name: 'production',
        spark_env_vars: { ...variables, DEPLOYMENT_ENV: 'production', VAULT_TOKEN: token },
      },
    ],
  });
  astronomer = await startAstronomer({
    token: 'astro-canary',
    organizations: [
      {
        id: 'org',
        name: 'org',
        deployments: [
          {
            id: 'dep',
            name: 'pipelines',
            environmentVariables: [
              ...Object.entries(variables).map(([key, value]) => ({ key, value, isSecret: false })),
              { key: 'VAULT_TOKEN', value: 'x', isSecret: true },
            ],
          },
        ],
      },
    ],
  });
});
afterAll(async () => {
  await Promise.all([development?.stop(), databricks?.stop(), astronomer?.stop()]);
});
beforeEach(() => {
  home = newHome({ DATABRICKS_HOST: databricks.address, DATABRICKS_TOKEN: 'dapi-canary' });
});
afterEach(async () => {
  for (const one of homes.splice(0)) await one.end();
});

describe('login --from databricks', () => {
  it('takes a newcomer from an empty home to the workflows in two commands and 15 s', async () => {
    const started = performance.now();
    const from = ['--from', 'databricks', '--cluster', 'etl'];
    const login = await home.spire(['login', '-e', 'development', ...from]);
    expect([login.exitCode, login.stderr]).toEqual([0, expect.stringContaining('Next: spire')]);
    const listed = await lists(home);
    expect(performance.now() - started).toBeLessThan(15_000);
    expect(listed.stdout).toMatch(/spire_adobe_1/);
    expect(login.stdout).toMatch(/VAULT_TOKEN +value +kept as the login/);
    expect(login.stdout).toMatch(/DB_HOSTNAME +value +written/);
    for (const secret of [token, 'dapi-canary', 'localhost']) {
      expect(login.stdout + login.stderr).not.toContain(secret);
    }
    expect(readFileSync(config(home), 'utf8')).not.toContain(token);
    expect(statSync(loginFile(home)).mode & 0o777).toBe(0o600);
  });

  it('writes nothing of another environment', async () => {
    const from = ['--from', 'databricks', '--cluster', 'production'];
    const { exitCode, stderr } = await home.spire(['login', '-e', 'development', ...from]);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/belongs to production, not to development/);
    expect([existsSync(config(home)), existsSync(loginFile(home))]).toEqual([false, false]);
  });

  it("refuses another environment's host, though the cluster doesn't say whose it is", async () => {
    configure(home);
    const file = join(home.directory, '.env');
    writeFileSync(file, `DB_HOSTNAME=LOCALHOST\nVAULT_TOKEN=${token}\n`);
    const { exitCode, stderr } = await home.spire([
      'login',
      '-e',
      'staging',
      '--from',
      'dotenv',
      file,
    ]);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/belongs to development, not to staging: its DB_HOSTNAME/);
  });

  it('says what a reference is, and keeps what else it found', async () => {
    const from = ['--from', 'databricks', '--cluster', 'referring'];
    const { exitCode, stderr, stdout } = await home.spire(['login', '-e', 'development', ...from]);
    expect(exitCode).toBe(4);
    expect(stdout).toMatch(/VAULT_TOKEN +secret reference/);
    expect(stderr).toMatch(/only the runtime itself can resolve/);
    expect(readFileSync(config(home), 'utf8')).toContain(development.vault.address);
  });

  it('replaces what the config file says otherwise when that is meant, and keeps the rest', async () => {
    configure(home, { DB_HOSTNAME: 'old.example.com' });
    const call = ['login', '-e', 'development', '--from', 'databricks', '--cluster', 'etl'];
    const before = readFileSync(config(home), 'utf8');
    const refused = await home.spire(call);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toMatch(/DB_HOSTNAME\. Nothing was written/);
    expect(readFileSync(config(home), 'utf8')).toBe(before);
    expect((await home.spire([...call, '--replace'])).exitCode).toBe(0);
    expect(readFileSync(config(home), 'utf8')).toBe(
      before.replace('"old.example.com"', 'localhost'),
    );
  });
});

describe('login --from elsewhere', () => {
  it('astronomer: says that the token is hidden', async () => {
    Object.assign(home.variables, {
      ASTRO_API_URL: astronomer.address,
      ASTRO_API_TOKEN: 'astro-canary',
    });
    const from = ['--from', 'astronomer', '--deployment', 'pipelines'];
    const { exitCode, stdout, stderr } = await home.spire(['login', '-e', 'development', ...from]);
    expect([exitCode, stdout]).toEqual([4, expect.stringMatching(/VAULT_TOKEN +hidden/)]);
    expect(stderr).toMatch(/VAULT_TOKEN is hidden there/);
  });

  it('process: takes the variables that DEPLOYMENT_ENV names', async () => {
    const one = newHome({ ...development.variables, VAULT_TOKEN: token });
    const { exitCode } = await one.spire(['login', '-e', 'development', '--from', 'process']);
    expect(exitCode).toBe(0);
    const later = newHome({ HOME: one.directory });
    expect((await lists(later)).stdout).toMatch(/spire_adobe_1/);
  });

  it('dotenv: reads the file that is named', async () => {
    const lines = Object.entries({ ...development.variables, VAULT_TOKEN: token });
    const file = join(home.directory, '.env.development');
    writeFileSync(file, lines.map(([name, value]) => `${name}="${value}"`).join('\n'));
    expect(
      (await home.spire(['login', '-e', 'development', '--from', 'dotenv', file])).exitCode,
    ).toBe(0);
    expect((await lists(home)).exitCode).toBe(0);
  });
});

describe('login --method token', () => {
  it('takes the token from stdin, and stores it once Vault has said that it lives', async () => {
    configure(home);
    const login = await home.spire(
      ['login', '-e', 'development', '--method', 'token'],
      `${token}\n`,
    );
    expect(login.stdout).toMatch(
      /^Logged in to development as token .*, for \d+ min, renewable\.\nThe token is kept in .*\.\nIt may read/,
    );
    expect((await lists(home)).exitCode).toBe(0);
    expect(login.stdout + login.stderr).not.toContain(token);
    // Without a way, it says who is logged in.
    expect(await home.json('login', '-e', 'development')).toMatchObject({
      login: { displayName: 'token', readable: true, tokenFrom: loginFile(home) },
    });
  });

  it('stores nothing that Vault does not know', async () => {
    configure(home);
    const login = await home.spire(
      ['login', '-e', 'development', '--method', 'token'],
      'hvs.wrong',
    );
    expect(login.exitCode).toBe(4);
    expect(login.stderr).toMatch(/VAULT_TOKEN_INVALID/);
    expect(existsSync(loginFile(home))).toBe(false);
  });

  it('is good for the other environments of the same Vault, and for no other Vault', async () => {
    configure(home);
    await home.spire(['login', '-e', 'development', '--method', 'token'], token);
    const { values } = await home.json('env', 'show', '-e', 'staging');
    expect(values.some((one: { key: string }) => one.key === 'VAULT_TOKEN')).toBe(false);
    home.variables.VAULT_ADDRESS = development.vault.address;
    const again = await home.json('env', 'show', '-e', 'staging');
    expect(again.values).toContainEqual(
      expect.objectContaining({
        key: 'VAULT_TOKEN',
        value: '[redacted]',
        origin: { kind: 'login', file: loginFile(home) },
      }),
    );
  });

  it('names the way when no Vault is configured', async () => {
    const { exitCode, stderr } = await home.spire(
      ['login', '-e', 'staging', '--method', 'token'],
      token,
    );
    expect(exitCode).toBe(4);
    expect(stderr).toMatch(/spire env set VAULT_ADDRESS/);
  });
});

describe('login --share and --shared', () => {
  const share = async (giver: Home, ...more: string[]) => {
    configure(giver);
    await giver.spire(
      ['login', '-e', 'development', '--method', 'token'],
      await development.token(),
    );
    return giver.spire(['login', '-e', 'development', '--share', ...more]);
  };

  it('hands access over to an empty home, once', async () => {
    const { stdout: code, stderr } = await share(home);
    expect(stderr).toMatch(/has 15 min to take this, once/);
    const taker = newHome();
    const taken = await taker.spire(['login', '-e', 'development', '--shared'], code);
    expect([taken.exitCode, taken.stderr]).toEqual([0, expect.anything()]);
    expect((await lists(taker)).stdout).toMatch(/spire_adobe_1/);
    const { token: got, expiresAt, method } = JSON.parse(readFileSync(loginFile(taker), 'utf8'));
    expect(method).toBe('shared');
    expect(Date.parse(expiresAt) - Date.now()).toBeLessThanOrEqual(15 * 60_000);
    expect(taken.stdout + taken.stderr).not.toContain(got);

    const second = newHome();
    const again = await second.spire(['login', '-e', 'development', '--shared'], code);
    expect(again.exitCode).toBe(4);
    expect(again.stderr).toMatch(/already unwrapped[\s\S]*intercepted[\s\S]*SHARED_TOKEN_USED/);
    // Of a code that leads nowhere, nothing stays.
    expect(existsSync(config(second))).toBe(false);
  });

  it('makes a child that has no more rights, and ends with its parent', async () => {
    const { stdout: code } = await share(home, '--life', '8h');
    const taker = newHome();
    await taker.spire(['login', '-e', 'development', '--shared'], code);
    const { token: got } = JSON.parse(readFileSync(loginFile(taker), 'utf8'));
    const { data } = (await development.ask('POST', 'auth/token/lookup', { token: got })) as {
      data: { policies: string[]; renewable: boolean };
    };
    expect(data).toMatchObject({ policies: ['default', 'reader'], renewable: false });
    expect((await home.spire(['logout', '-e', 'development'])).stdout).toMatch(
      /revoked and forgotten/,
    );
    expect(existsSync(loginFile(home))).toBe(false);
    const after = await lists(taker);
    expect([after.exitCode, after.stderr]).toEqual([
      4,
      expect.stringMatching(/VAULT_TOKEN_INVALID/),
    ]);
  });

  it('takes only what Vault made as a token', async () => {
    configure(home);
    const { vault } = development;
    const response = await fetch(`${vault.address}/v1/sys/wrapping/wrap`, {
      method: 'POST',
      headers: { 'X-Vault-Token': vault.rootToken, 'X-Vault-Wrap-TTL': '5m' },
      body: JSON.stringify({ client_token: 'hvs.forged' }),
    });
    const { wrap_info } = (await response.json()) as { wrap_info: { token: string } };
    const call = ['login', '-e', 'development', '--shared'];
    const { exitCode, stderr } = await home.spire(call, wrap_info.token);
    expect([exitCode, stderr]).toEqual([4, expect.stringMatching(/SHARED_TOKEN_INVALID/)]);
    expect(existsSync(loginFile(home))).toBe(false);
  });

  it('refuses to share a root token', async () => {
    configure(home);
    await home.spire(
      ['login', '-e', 'development', '--method', 'token'],
      development.vault.rootToken,
    );
    const { exitCode, stderr } = await home.spire(['login', '-e', 'development', '--share']);
    expect([exitCode, stderr]).toEqual([4, expect.stringMatching(/root token isn't shared/)]);
  });

  it.each(['', 'nonsense with spaces', 'spire-share.bm9uc2Vuc2U', 'hvs.unknown'])(
    'refuses %j, without repeating it',
    async (pasted) => {
      configure(home);
      const { exitCode, stderr } = await home.spire(
        ['login', '-e', 'development', '--shared'],
        pasted,
      );
      expect(exitCode).toBe(pasted ? 4 : 2);
      if (pasted) expect(stderr).not.toContain(pasted);
    },
  );

  it("doesn't let a code lead a configured environment to another Vault", async () => {
    const { stdout: code } = await share(home);
    const taker = newHome();
    configure(taker, { VAULT_ADDRESS: 'https://vault.example.com:8200' });
    const { exitCode, stderr } = await taker.spire(
      ['login', '-e', 'development', '--shared'],
      code,
    );
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringMatching(/VAULT_ADDRESS\. Nothing was written/),
    ]);
  });
});

describe('login otherwise', () => {
  it('without a terminal says the four ways', async () => {
    const { exitCode, stderr } = await home.spire(['login', '-e', 'development']);
    expect(exitCode).toBe(2);
    for (const flag of ['--method', '--from', '--shared', 'Ask DevOps'])
      expect(stderr).toContain(flag);
  });

  it('--contacts names the people in the config file', async () => {
    configure(home);
    const text = readFileSync(config(home), 'utf8');
    writeFileSync(config(home), `${text}    contacts: [ann@example.com]\n`);
    expect((await home.spire(['login', '-e', 'development', '--contacts'])).stdout).toBe(
      'ann@example.com\n',
    );
  });

  it.each([
    [['--method', 'token', '--shared']],
    [['--from', 'dotenv']],
    [['--from', 'databricks', 'a-file']],
    [['--cluster', 'etl']],
    [['--from', 'process', '--cluster', 'etl']],
    [['--share', '--life', '99999d']],
  ])('%j is used wrongly', async (args) => {
    const { exitCode } = await home.spire(['login', '-e', 'development', ...args]);
    expect(exitCode).toBe(2);
  });

  it('local needs none', async () => {
    const one = newHome();
    mkdirSync(join(one.directory, '.spire', 'local'), { recursive: true, mode: 0o700 });
    writeFileSync(
      join(one.directory, '.spire', 'local', 'config.yml'),
      'local:\n  DB_HOSTNAME: 127.0.0.1\n',
    );
    const { exitCode, stderr } = await one.spire(['login', '-e', 'local', '--shared']);
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/local needs no login/)]);
  });
});

describe.runIf(hasTerminal)('login on a terminal', () => {
  it('asks which way, and for the token without echo', async () => {
    configure(home);
    const { exitCode, stdout } = await onTerminal(
      home,
      ['login', '-e', 'development'],
      [
        [/1 to 4: /, '1\r'],
        [/Vault token for development: /, `${token}\r`],
      ],
    );
    expect(stdout).toMatch(/1 {2}I log in to Vault[\s\S]*4 {2}I have to ask somebody/);
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/Logged in to development/)]);
    expect(stdout).not.toContain(token);
  });

  it('leads to each of the others', async () => {
    configure(home);
    const file = join(home.directory, '.env');
    writeFileSync(file, `DEPLOYMENT_ENV=development\nVAULT_TOKEN=${token}\n`);
    const login = ['login', '-e', 'development'];
    const asked = await onTerminal(home, login, [[/1 to 4: /, '4\r']]);
    expect([asked.exitCode, asked.stdout]).toEqual([0, expect.stringMatching(/DevOps/)]);
    const pasted = await onTerminal(home, login, [
      [/1 to 4: /, '3\r'],
      [/Paste what your colleague sent: /, 'nonsense!\r'],
    ]);
    expect([pasted.exitCode, pasted.stdout]).toEqual([4, expect.stringMatching(/SHARED_TOKEN/)]);
    const found = await onTerminal(home, login, [
      [/1 to 4: /, '2\r'],
      [/1 to 4: /, '2\r'],
      [/Which file\? /, `${file}\r`],
    ]);
    expect([found.exitCode, found.stdout]).toEqual([0, expect.stringMatching(/kept as the login/)]);
  });

  it.each([
    ['\u0003', 130],
    ['\r', 2],
    ['9\r', 2],
  ])('%j at the menu ends with %i, and nothing is stored', async (keys, code) => {
    configure(home);
    const { exitCode } = await onTerminal(
      home,
      ['login', '-e', 'development'],
      [[/1 to 4: /, keys]],
    );
    expect([exitCode, existsSync(loginFile(home))]).toEqual([code, false]);
  });
});

describe('login --method oidc', () => {
  it('prints where to log in, and stores what comes back', async () => {
    const state = 'st-0123456789';
    const door = createServer((incoming, outgoing) => {
      const { method, headers, url = '' } = incoming;
      const say = (body: object) => outgoing.end(JSON.stringify(body));
      if (url === '/v1/auth/oidc/oidc/auth_url')
        return say({ data: { auth_url: `https://idp.example.com/?state=${state}` } });
      if (url.startsWith('/v1/auth/oidc/oidc/callback'))
        return say({ auth: { client_token: token, lease_duration: 3600, renewable: true } });
      const passed = request(
        `${development.vault.address}${url}`,
        { method, headers },
        (answer) => {
          outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
          answer.pipe(outgoing);
        },
      );
      incoming.pipe(passed);
      return undefined;
    });
    await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
    const { port } = door.address() as AddressInfo;
    configure(home, { VAULT_ADDRESS: `http://127.0.0.1:${port}`, VAULT_AUTH_METHOD: 'oidc' });
    const back = await freePort();
    const child = home.start([
      'login',
      '-e',
      'development',
      '--method',
      'oidc',
      '--port',
      `${back}`,
    ]);
    const end = ended(child);
    let shown = '';
    await new Promise<void>((resolve) =>
      child.stderr?.on('data', (chunk) => {
        shown += chunk;
        if (shown.includes(state)) resolve();
      }),
    );
    const page = await fetch(`http://localhost:${back}/oidc/callback?state=${state}&code=c`);
    expect(await page.text()).toContain('Logged in');
    const { exitCode, stdout } = await end;
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/Logged in to development/)]);
    expect(shown).not.toContain(token);
    expect(JSON.parse(readFileSync(loginFile(home), 'utf8')).method).toBe('oidc');
    door.close();
    door.closeAllConnections();
  });
});

describe('logout', () => {
  it('keeps what it can not revoke, and says how to forget it all the same', async () => {
    configure(home);
    await home.spire(['login', '-e', 'development', '--method', 'token'], token);
    const stored = JSON.parse(readFileSync(loginFile(home), 'utf8'));
    writeFileSync(loginFile(home), JSON.stringify({ ...stored, address: 'http://127.0.0.1:1' }), {
      mode: 0o600,
    });
    const { exitCode, stderr } = await home.spire(['logout', '-e', 'development']);
    expect([exitCode, stderr]).toEqual([
      4,
      expect.stringMatching(/could not be revoked[\s\S]*rm '/),
    ]);
    expect(existsSync(loginFile(home))).toBe(true);
  });

  it('names whose login an environment uses', async () => {
    configure(home);
    await home.spire(
      ['login', '-e', 'development', '--method', 'token'],
      await development.token(),
    );
    home.variables.VAULT_ADDRESS = development.vault.address;
    const { exitCode, stderr } = await home.spire(['logout', '-e', 'staging']);
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/spire logout -e development/)]);
  });

  it('has nothing to do where nobody had logged in', async () => {
    const { exitCode, stdout } = await home.spire(['logout', '-e', 'development']);
    expect([exitCode, stdout]).toEqual([0, 'Nobody had logged in to development.\n']);
  });
});
