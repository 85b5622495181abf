import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { isatty } from 'node:tty';

/** How a child ended. */
export interface ChildResult {
  /** 128 and the signal's number when one ended it, as shells have it. */
  readonly exitCode: number;
  readonly signal: NodeJS.Signals | null;
}

/** What a terminal sends to the child too; from elsewhere they come to us alone. */
const OF_TERMINALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT'];
const PASSED_ON: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'];

/**
 * Runs a program until it ends, on this process' streams. Signals are the child's: it decides what they
 * mean, and this process lives until it has ended.
 *
 * @param stdout where the child's output goes. Default: stdout.
 * @throws the error of `spawn`, such as `ENOENT`.
 */
export function runChild(
  command: string,
  args: readonly string[],
  variables: NodeJS.ProcessEnv,
  stdout: 'stdout' | 'stderr' = 'stdout',
): Promise<ChildResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: ['inherit', stdout === 'stderr' ? 2 : 'inherit', 'inherit'],
      env: variables,
    });
    const pass = (signal: NodeJS.Signals) => {
      if (OF_TERMINALS.includes(signal) && isatty(0)) return;
      child.kill(signal);
    };
    process.removeAllListeners('SIGINT');
    for (const signal of [...OF_TERMINALS, ...PASSED_ON]) process.on(signal, pass);
    const end = () => {
      for (const signal of [...OF_TERMINALS, ...PASSED_ON]) process.off(signal, pass);
    };
    child.once('error', (error) => {
      end();
      reject(error);
    });
    child.once('exit', (code, signal) => {
      end();
      const exitCode = code ?? 128 + (signal ? constants.signals[signal] : 0);
      resolve({ exitCode, signal });
    });
  });
}
