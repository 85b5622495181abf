import { createInterface } from 'node:readline/promises';

/** Asks on the terminal; Ctrl-D answers with nothing, Ctrl-C ends the command as it does anywhere else. */
export async function question(text: string): Promise<string> {
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  prompt.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    return (await prompt.question(text)).trim();
  } catch (error) {
    if ((error as Error).name !== 'AbortError') throw error;
    process.stderr.write('\n');
    return '';
  } finally {
    prompt.close();
  }
}
