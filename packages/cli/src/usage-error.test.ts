import { describe, expect, it } from 'vitest';
import { unknownCommand, usageError } from './usage-error.ts';

const help = 'See how it is used: spire workflows list --help';

describe('usageError', () => {
  it.each([
    [
      'Parsing --limit \n\tExpected an integer but received: x\nSee more help with --help',
      '--limit: expected an integer but received: x.',
    ],
    [
      'The following errors occurred:\n  \u001b[2mMissing required flag date\n  Missing required flag status\u001b[22m\nSee more help with --help',
      'Missing --date; Missing --status.',
    ],
    [
      'The following error occurred:\n  --disabled=true cannot also be provided when using --enabled\nSee more help with --help',
      '--disabled cannot also be provided when using --enabled.',
    ],
    ['Unexpected argument: b\nSee more help with --help', 'Unexpected argument: b.'],
  ])('makes a sentence of %j', (message, sentence) => {
    const { code, message: said, suggestions } = usageError(new Error(message), 'workflows list');
    expect([code, said, suggestions]).toEqual(['USAGE', sentence, [help]]);
  });

  it('names a missing argument and what it is', () => {
    const error = Object.assign(new Error('Missing 1 required arg:\nfile  a definition'), {
      args: [{ name: 'file', description: 'a definition' }],
    });
    expect(usageError(error, 'workflows create').message).toBe('Missing FILE: a definition.');
  });

  it('guesses the flag that was meant', () => {
    const error = Object.assign(new Error('Nonexistent flag: --lmit'), {
      flags: ['--lmit'],
      parse: { input: { flags: { limit: {}, after: {} } } },
    });
    const { message, suggestions } = usageError(error, 'workflows list');
    expect(message).toBe('There is no flag --lmit.');
    expect(suggestions).toEqual(['Did you mean --limit?', help]);
  });
});

describe('unknownCommand', () => {
  it('guesses the command that was meant, or points to the list', () => {
    const known = ['workflows list', 'status'];
    expect(unknownCommand('workflow list', known).suggestions).toEqual([
      'Did you mean: spire workflows list',
      'See which there are: spire --help',
    ]);
    expect(unknownCommand('nonsense', known).suggestions).toHaveLength(1);
  });
});
