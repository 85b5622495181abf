import { type Edit, MARK, nameFrom, nameIn, replacedBy } from './edit.ts';

/** How deep what is removed may be nested. */
const DEPTH = 8;

const SPACE = String.raw`(?:\s|\\+[nrt]${MARK}?)*`;

/** How JSON is written in a text in JSON, in a text in JSON, ...: each time, backslashes double. */
export interface Level {
  readonly quote: string;
  readonly character: string;
  /** A text, as it's written there. */
  readonly written: (text: string) => string;
}

/** JSON itself, JSON in a text of it, and once more: a job's `args` are one. */
export const LEVELS: readonly Level[] = [0, 1, 2].map((level) => {
  const backslashes = 2 ** level;
  return {
    quote: String.raw`\\{${backslashes - 1}}"`,
    character: String.raw`(?:[^"\\]|\\+[^"\\]|\\{${2 * backslashes}}|\\{${2 * backslashes - 1}}")`,
    written: (text) => {
      let written = JSON.stringify(text);
      for (let outer = 0; outer < level; outer += 1) written = JSON.stringify(written).slice(1, -1);
      return written;
    },
  };
});

/** Marks keys that have one of the names, at every level. */
export function marking(names: readonly string[]): Edit {
  const name = nameFrom(names, String.raw`[^"\\]*`, '"');
  return [String.raw`(${name}(?:\\(?:\\\\)*)?"${SPACE}:)`, String.raw`\1${MARK}`];
}

/** Takes marked members out with the comma before them; the first of an object, with the comma behind them. */
export function removal(level: Level): Edit {
  const { quote, character } = level;
  const member = `${quote}${character}*${quote}${SPACE}:${MARK}${SPACE}${valueAt(level)}`;
  return [
    String.raw`,${SPACE}${member}|(\{${SPACE})(?:${member}${SPACE}(?:,${SPACE})?)+`,
    String.raw`\1`,
  ];
}

/** Takes the whole document where what is marked is nested too deep to be taken out. */
export const TOO_DEEP: Edit = [String.raw`^.*[^\\](?:\\\\)*"\s*:${MARK}\s*[{\[].*$`, '{}'];

/** Gives members another value. */
export function rewriting(names: readonly string[], value: string, level: Level): Edit {
  const key = `${level.quote}${nameIn(names, `${level.character}*`)}${level.quote}`;
  return [
    `([{,]${SPACE}${key}${SPACE}:${SPACE})${valueAt(level)}`,
    String.raw`\1${replacedBy(level.written(value))}`,
  ];
}

/**
 * Texts that follow a name in a list (`"--name", "x"`) or stand beside it (`"name": "name", "value": "x"`), a pattern
 * for each level. What its group has stays.
 */
export function besideName(names: readonly string[]): string[] {
  return LEVELS.map(({ quote, character }) => {
    const key = (...keys: string[]) =>
      `${quote}(?:${keys.join('|')})${quote}${SPACE}:${SPACE}${quote}`;
    const option = `${quote}-{1,2}${nameIn(names, String.raw`[\w.-]*`)}(?:=|${quote}${SPACE},${SPACE}${quote})`;
    const pair = `${key('name', 'key')}${nameIn(names, `${character}*`)}${quote}${SPACE},${SPACE}${key('value', 'default')}`;
    return String.raw`([\[{,]${SPACE}(?:${option}|${pair}))${character}+`;
  });
}

/** Any value but `true`, `false` and `null`, which tell nothing. */
function valueAt({ quote, character }: Level): string {
  const text = `${quote}${character}*${quote}`;
  return String.raw`(?:${text}|[-\d][^\s"\\,{}\[\]]*|${container(text, DEPTH)})`;
}

function container(text: string, depth: number): string {
  const within = depth > 1 ? `|${container(text, depth - 1)}` : '';
  return String.raw`[{\[](?:${text}|[^"\\{}\[\]]|\\+[^"\\{}\[\]]${within})*[}\]]`;
}
