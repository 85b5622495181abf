import { durationSeconds } from './duration.ts';
import { RequestError } from './request-error.ts';

/** What JSON calls an object. */
export type JsonObject = Record<string, unknown>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Reads the fields of a request's body. Vault converts between strings, numbers and booleans where
 * the meaning is clear, since its command line sends everything as strings; so does this.
 */
export function fieldsOf(body: JsonObject) {
  const given = (name: string): unknown => (Object.hasOwn(body, name) ? body[name] : undefined);
  const wrong = (name: string) =>
    new RequestError(
      400,
      `Field validation failed: error converting input for field ${JSON.stringify(name)}`,
    );

  function text(name: string): string | undefined {
    const value = given(name);
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'object') throw wrong(name);
    return String(value);
  }
  function flag(name: string): boolean | undefined {
    const value = text(name);
    if (value === undefined || value === '') return undefined;
    return parseFlag(value) ?? raise(wrong(name));
  }
  function count(name: string): number | undefined {
    const value = text(name);
    if (value === undefined || value === '') return undefined;
    return Number.isSafeInteger(Number(value)) ? Number(value) : raise(wrong(name));
  }
  function seconds(name: string): number | undefined {
    const value = text(name);
    return value === undefined || value === '' ? undefined : durationSeconds(value, name);
  }
  function texts(name: string): string[] | undefined {
    const value = given(name);
    if (value === undefined || value === null) return undefined;
    const list = Array.isArray(value) ? value : String(value).split(',');
    return list.map((item) => (typeof item === 'object' ? raise(wrong(name)) : String(item)));
  }
  /** As {@link texts}, but a text alone is one entry, whatever commas it has. */
  function list(name: string): string[] | undefined {
    const value = given(name);
    return typeof value === 'string' ? [value] : texts(name);
  }
  function counts(name: string): number[] | undefined {
    const numbers = texts(name)?.map(Number);
    return numbers?.every(Number.isSafeInteger) === false ? raise(wrong(name)) : numbers;
  }
  function object(name: string): JsonObject | undefined {
    const value = given(name);
    if (value === undefined || value === null) return undefined;
    return isJsonObject(value) ? value : raise(wrong(name));
  }
  function textMap(name: string): Record<string, string> | undefined {
    const map = object(name);
    if (!map) return undefined;
    const entries = Object.entries(map).map(([key, value]): [string, string] => {
      if (typeof value === 'object') throw wrong(name);
      return [key, String(value)];
    });
    return Object.fromEntries(entries);
  }
  return { text, flag, count, seconds, texts, list, counts, object, textMap };
}

/** A boolean as Go parses it; undefined when it is none. */
export function parseFlag(text: string): boolean | undefined {
  if (['1', 't', 'T', 'true', 'TRUE', 'True'].includes(text)) return true;
  if (['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(text)) return false;
  return undefined;
}

function raise(error: Error): never {
  throw error;
}
