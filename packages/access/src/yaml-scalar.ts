/** What YAML 1.1, which the former CLI reads, takes for something else than text. */
const WORDS = /^(y|yes|n|no|on|off|true|false|null)$/i;

/**
 * Writes text as one line of YAML that every reader takes for the same text, also one that knows
 * booleans such as `yes`, dates and octal numbers (YAML 1.1), and in whatever encoding it reads.
 *
 * @example
 * yamlScalar('db.example.com'); // db.example.com
 * yamlScalar('0123');           // '0123'
 */
export function yamlScalar(text: string): string {
  if (/^[A-Za-z/][\w./:@%+=~-]*$/.test(text) && !text.endsWith(':') && !WORDS.test(text)) {
    return text;
  }
  if (/^[\x20-\x7e]*$/.test(text)) return `'${text.replaceAll("'", "''")}'`;
  return JSON.stringify(text).replace(/[^\x20-\x7e]/gu, escaped);
}

function escaped(character: string): string {
  const hex = (character.codePointAt(0) ?? 0).toString(16);
  return hex.length > 4 ? `\\U${hex.padStart(8, '0')}` : `\\u${hex.padStart(4, '0')}`;
}
