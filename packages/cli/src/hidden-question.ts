import { text } from 'node:stream/consumers';
import { CliError } from './errors.ts';

/** What a terminal sends for keys that write nothing, and the marks it puts around what is pasted. */
const SEQUENCES = /\u001b(?:\[[0-9;]*[A-Za-z~]|O[A-Z])/g;

/**
 * Asks on the terminal without echo; Ctrl-D answers with nothing, Ctrl-C ends the command as it does
 * anywhere else.
 */
export function hiddenQuestion(prompt: string): Promise<string> {
  const { stdin, stderr } = process;
  return new Promise((resolve) => {
    let answer = '';
    const end = () => {
      stdin.off('data', take);
      stdin.setRawMode(false);
      stdin.pause();
      stderr.write('\n');
    };
    const take = (chunk: string) => {
      for (const key of chunk.replace(SEQUENCES, '')) {
        if (key === '\r' || key === '\n' || key === '\u0004') {
          end();
          return resolve(key === '\u0004' ? '' : answer);
        }
        if (key === '\u0003') {
          // stdin is listened to on: else the process could end before its signal comes, and with 0.
          stdin.setRawMode(false);
          process.kill(process.pid, 'SIGINT');
          return;
        }
        if (key === '\u007f' || key === '\b') answer = answer.slice(0, -1);
        else if (key === '\u0015') answer = '';
        else if (key >= ' ') answer += key;
      }
    };
    stdin.setEncoding('utf8');
    // Before the prompt: whoever answers at once isn't to see it either.
    stdin.setRawMode(true);
    stderr.write(prompt);
    stdin.on('data', take);
    stdin.resume();
  });
}

/**
 * A secret from the terminal, without echo, or from stdin where that is no terminal. Never from an
 * argument.
 *
 * @param way the command that asks, to say how it is given one.
 * @throws CliError `USAGE` when none is given.
 */
export async function readSecret(prompt: string, way: string): Promise<string> {
  const { stdin } = process;
  // Whatever becomes of the prompt: what is typed on a terminal is not to show.
  const given = stdin.isTTY
    ? await hiddenQuestion(prompt)
    : (await text(stdin)).replace(/\r?\n$/, '');
  if (given.trim() !== '') return given;
  throw new CliError('USAGE', 'No secret was given.', [
    'Type it where it is asked for, on a terminal.',
    `Or give it on stdin: ${way} < file`,
  ]);
}
