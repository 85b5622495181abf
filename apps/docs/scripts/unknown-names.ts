/** Names of others' that pages speak of. */
const OTHERS =
  /^(PG[A-Z]|PRODUCTION_|CERT_|ERR_)|^(DATABASE_URL|JOB_CONFIG_TYPES|NODE_[A-Z_]+|RUN_STATUSES|VAULT_SKIP_VERIFY)$/;

const NAME = /`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?:[=:][^`]*)?`/g;

/**
 * What a page speaks of like an error code or a variable, in its text, and is neither.
 *
 * @param known all codes and variables.
 */
export function unknownNames(markdown: string, known: ReadonlySet<string>): string[] {
  const text = markdown.replace(/^```[\s\S]*?^```$/gm, '');
  const names = [...text.matchAll(NAME)].map((match) => match[1] ?? '');
  return [...new Set(names)].filter((name) => !known.has(name) && !OTHERS.test(name));
}
