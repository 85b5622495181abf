import { expect, it } from 'vitest';
import { CliError } from '../errors.ts';
import { reportOf } from './error.ts';

it('tells code, message and suggestions of an error of ours, and nothing of its cause', () => {
  const error = Object.assign(new CliError('USAGE', 'No.', ['Try: spire status']), {
    cause: new Error('password'),
    argv: ['secret'],
  });
  expect(reportOf(error)).toEqual({
    code: 'USAGE',
    message: 'No.',
    suggestions: ['Try: spire status'],
    ref: 'reference/errors#usage',
  });
});

it.each([new TypeError('x is not a function'), 'x is not a function'])(
  'calls what nobody expected by that name',
  (error) => {
    expect(reportOf(error)).toMatchObject({
      code: 'UNEXPECTED',
      message: 'x is not a function',
      ref: 'reference/errors#unexpected',
    });
  },
);

it('names the environment in what is suggested, where the error knows it', () => {
  const error = Object.assign(new CliError('USAGE', 'No.', ['See spire env show --vault']), {
    environment: 'staging',
  });
  const suggestions = ['See spire env show -e staging --vault'];
  expect(reportOf(error, 'another')).toMatchObject({ suggestions });
  expect(
    reportOf(new CliError('USAGE', 'No.', ['See spire env show --vault']), 'staging'),
  ).toMatchObject({
    suggestions,
  });
});
