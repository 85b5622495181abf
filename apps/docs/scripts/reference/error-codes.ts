import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commentText, DOC_COMMENT } from './doc-comment.ts';

/** What one package means by a code. */
export interface ErrorCode {
  readonly code: string;
  /** Such as `access`. */
  readonly package: string;
  readonly meaning: string;
  /** What the reader does about it. */
  readonly helps: string;
}

const UNION = /^export type \w+ErrorCode =\n([\s\S]*?';)$/m;
const MEMBER = new RegExp(`(?:${DOC_COMMENT}\\s*)?\\| '([A-Z_]+)'`, 'g');

/**
 * The codes of a package's errors, from the JSDoc of their union.
 *
 * @throws Error when one isn't explained.
 */
export function readErrorCodes(name: string, source: string): ErrorCode[] {
  const union = UNION.exec(source)?.[1];
  if (!union) throw new Error(`packages/${name}/src/errors.ts has no union of codes.`);
  return [...union.matchAll(MEMBER)].map(([, comment = '', code = '']) => {
    const [, meaning, helps] = /^(.+?) Helps: (.+)$/.exec(commentText(comment)) ?? [];
    if (!meaning || !helps) {
      throw new Error(
        `packages/${name}/src/errors.ts: ${code} needs a comment, "/** What it means. Helps: what to do. */".`,
      );
    }
    return { code, package: name, meaning, helps: helps.charAt(0).toUpperCase() + helps.slice(1) };
  });
}

/**
 * All codes, in the order of the alphabet.
 *
 * @param root the repository.
 * @throws Error when one isn't explained, or nothing gives it.
 */
export function errorCodes(root: string): ErrorCode[] {
  const codes = globSync('packages/*/src/errors.ts', { cwd: root })
    .sort()
    .flatMap((file) =>
      readErrorCodes(file.split(/[\\/]/)[1] ?? '', readFileSync(join(root, file), 'utf8')),
    );
  const sources = globSync('packages/*/src/**/*.ts', { cwd: root })
    .filter((file) => !/\.test\.ts$|src.(errors|exit-codes)\.ts$/.test(file))
    .map((file) => readFileSync(join(root, file), 'utf8'))
    .join('\n');
  const idle = codes.filter(({ code }) => !sources.includes(`'${code}'`));
  if (idle.length > 0) {
    throw new Error(`No source gives ${idle.map(({ code }) => code).join(', ')}: remove it.`);
  }
  return codes.sort((one, other) => (one.code < other.code ? -1 : 1));
}
