import { isJsonObject, type JsonObject } from './fields.ts';

/**
 * Applies a JSON merge patch (RFC 7396): null removes, objects merge, all else replaces.
 *
 * @example
 * mergePatch({a: 1, b: {c: 2}}, {a: null, b: {d: 3}}); // {b: {c: 2, d: 3}}
 */
export function mergePatch(target: JsonObject, patch: JsonObject): JsonObject {
  const merged = new Map(Object.entries(target));
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) {
      merged.delete(key);
    } else if (isJsonObject(value)) {
      const below = merged.get(key);
      merged.set(key, mergePatch(isJsonObject(below) ? below : {}, value));
    } else {
      merged.set(key, value);
    }
  }
  return Object.fromEntries(merged);
}
