import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { bearer, parseOrigin } from './runtime-server.ts';

const caught = (action: () => unknown): unknown => {
  try {
    return action();
  } catch (error) {
    return error;
  }
};

describe('parseOrigin', () => {
  it.each([
    ['adb-1.2.azuredatabricks.net', 'https://adb-1.2.azuredatabricks.net'],
    [' https://h.example.com/ ', 'https://h.example.com'],
    ['HTTPS://H.example.com', 'https://h.example.com'],
    ['https://h.example.com/?o=123#job', 'https://h.example.com'],
    ['https://h.example.com:8443/v1', 'https://h.example.com:8443'],
    ['h.example.com:8443', 'https://h.example.com:8443'],
    ['http://127.0.0.1:80', 'http://127.0.0.1'],
    ['http://localhost:3000/v1', 'http://localhost:3000'],
    ['http://[::1]:3000', 'http://[::1]:3000'],
  ])('reads %j', (text, origin) => {
    expect(parseOrigin(text, 'DATABRICKS_TOKEN')).toBe(origin);
  });

  it.each([
    'http://h.example.com',
    'http://127.0.0.1.example.com',
    'ftp://h.example.com',
    'https://canary:canary@h.example.com',
    'https://',
    'two words',
  ])('refuses %j, without repeating it', (text) => {
    const error = caught(() => parseOrigin(text, 'DATABRICKS_TOKEN'));
    expect(error).toMatchObject({
      code: 'RUNTIME_NOT_CONFIGURED',
      message: "The host that goes with DATABRICKS_TOKEN can't be used.",
    });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('canary');
  });
});

describe('bearer', () => {
  it('makes the header', () => {
    expect(bearer(' dapi1\n', 'the token').reveal()).toBe('Bearer dapi1');
  });

  it.each(['', 'canary canary', 'canary\ncanary', 'canaryé'])('refuses %j', (token) => {
    const error = caught(() => bearer(token, 'the token of DATABRICKS_TOKEN'));
    expect(error).toMatchObject({
      code: 'RUNTIME_NOT_CONFIGURED',
      message: "This can't be a token: the token of DATABRICKS_TOKEN.",
    });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('canary');
  });
});
