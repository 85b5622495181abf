import { createInterface } from 'node:readline/promises';

/** Asks on the terminal; Ctrl-C ends the command as it does anywhere else. */
export async function question(text: string): Promise<string> {
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  prompt.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    return (await prompt.question(text)).trim();
  } finally {
    prompt.close();
  }
}
