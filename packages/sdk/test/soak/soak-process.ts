import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Fate } from './ledger.ts';
import type { Account, News, Order } from './messages.ts';
import { CANARY } from './soak-stage.ts';

/** How long the client may take for its last answers, its goodbyes and its end. */
const END_MILLIS = 60_000;

export type SoakProcess = Awaited<ReturnType<typeof startClient>>;

/** Starts the process under test, and waits until it has connected. */
export async function startClient(variables: Record<string, string>, sampleMillis: number) {
  const child = fork(join(import.meta.dirname, 'soak-client.ts'), [String(sampleMillis)], {
    // Nothing of ours, where a Vault or a database of somebody else may be named.
    env: { PATH: process.env.PATH, ...variables },
    execArgv: ['--expose-gc'],
    // Ctrl-C is for us, who then end it; without us it ends by itself.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const fates = new Map<string, Fate>();
  let latest = { requests: 0, failures: 0, heap: 0 };
  const output = watchOutput(child);
  const exited = once(child, 'exit') as Promise<[number | null, string | null]>;
  child.on('message', (news: News) => {
    if (news.kind === 'fate') fates.set(news.id, news.fate);
    if (news.kind === 'sample') latest = news;
  });

  function news<Kind extends News['kind']>(kind: Kind): Promise<Extract<News, { kind: Kind }>> {
    const { promise, resolve, reject } = Promise.withResolvers<Extract<News, { kind: Kind }>>();
    const listen = (one: News) => {
      if (one.kind !== kind) return;
      child.off('message', listen);
      resolve(one as Extract<News, { kind: Kind }>);
    };
    child.on('message', listen);
    exited.then(() => reject(new Error(`the client has ended:\n${output.last()}`)));
    return promise;
  }
  const order = async (one: Order) => {
    const heard = news('heard');
    child.send(one);
    await heard;
  };

  await news('ready');
  return {
    fates,
    latest: () => latest,
    /** Secrets that were seen in what it printed. */
    canaries: output.canaries,
    hearOfFault: (name: string | undefined) => order({ kind: 'fault', name }),
    /** @returns its account, and its exit code; null when it had to be killed. */
    async end(): Promise<{ account: Account; exitCode: number | null }> {
      const timer = setTimeout(() => child.kill('SIGKILL'), END_MILLIS);
      const closed = news('closed');
      await order({ kind: 'end' });
      const { account } = await closed;
      const [exitCode] = await exited;
      clearTimeout(timer);
      return { account, exitCode };
    },
    kill: () => child.kill('SIGKILL'),
  };
}

/** Looks for secrets in what a process prints, and keeps the end of it. */
function watchOutput({ stdout, stderr }: ReturnType<typeof fork>) {
  const KEPT = 4000;
  let canaries = 0;
  let last = '';
  for (const stream of [stdout, stderr]) {
    let rest = '';
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      const pieces = (rest + chunk).split(CANARY);
      canaries += pieces.length - 1;
      // One may be cut in two.
      rest = (pieces.at(-1) ?? '').slice(1 - CANARY.length);
      last = (last + chunk).slice(-KEPT);
    });
  }
  return { canaries: () => canaries, last: () => last };
}
