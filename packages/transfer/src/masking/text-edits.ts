import { type Edit, MARK, MASKED, nameFrom, nameIn, replacedBy } from './edit.ts';
import { besideName, LEVELS } from './json-members.ts';

/** Marks the end of escapes such as \n, or their letters were the beginning of what is behind them. */
export const MARK_ESCAPES: Edit = [String.raw`(\\+[bfnrt])`, String.raw`\1${MARK}`];

/** A quote within a text, where no backslash is before it: an even number of them and a quote are the text's end. */
const QUOTE = String.raw`\\(?:\\\\)*"`;

/** A value without quotes, up to what can't be of it: space, a quote, a separator. */
const BARE = String.raw`(?:[^\s"'\\,;&<)}\]]|<(?!/)|[,)}\]](?=[^\s"'\\,;&)}\]])|\\u[0-9a-f]{4}|\\{2,}[^\s"\\bfnrt])+`;

/** Gives another value to what a text assigns: `name=x`, `name: x`, `--name x`, `("name", "x")`, `<name>x`; and to what is beside a name in JSON. */
export function assignment(names: readonly string[], value = MASKED): Edit {
  const anything = String.raw`[\w.-]*`;
  // What is a member of JSON for sure has got its value in the way JSON writes it.
  const closing = `(?:${QUOTE}]|'\\]?${value === MASKED ? `|${QUOTE}` : ''})?`;
  // Between colons, as in Amazon's names of resources, is no name.
  const assigned = String.raw`${nameFrom(names, anything, String.raw`(?:^|[^\w.:-])-{0,2}`, '(?:^|[^:])')}${closing}\s*(?:[:=]=?|=?>|</name>\s*<value>)\s*`;
  const argument = String.raw`\(\s*(?:${QUOTE}|')${nameIn(names, anything)}(?:${QUOTE}|')\s*,\s*`;
  const option = String.raw`(?:^|[\s"'${MARK}])-{1,2}${nameIn(names, anything)}\s+(?!-)`;
  const scheme = String.raw`(?:(?:bearer|basic|digest|token)\s+)?(?:[bfru]{1,2}(?=\\|'))?`;
  const quoted = LEVELS.slice(1).map(({ quote, character }) => `(${quote})${character}+`);
  const values = [
    ...quoted,
    String.raw`(${QUOTE})[^"\\]+`,
    String.raw`(')(?:[^'"\\]|''|\\+[^"\\])+`,
    BARE,
  ];
  const assignments = String.raw`((?:${assigned}|${option}|${argument})${scheme})(?!(?:true|false|null|none)\M)(?:${values.join('|')})`;
  return [
    [...besideName(names), assignments].join('|'),
    String.raw`\1\2\3\4\5\6\7\8${replacedBy(JSON.stringify(value).slice(1, -1))}`,
  ];
}

/** What tells by its form that it's a secret. */
const KNOWN = [
  String.raw`-----BEGIN[\w ]*PRIVATE KEY[\w ]*-----(?:[^"\\-]|\\+[nrt/]|-(?!----))*(?:-----END[\w ]*-----)?`,
  // AWS
  String.raw`(?:AKIA|ASIA)[0-9A-Z]{16}\M`,
  // Vault
  String.raw`hv[sbr]\.[\w-]{8,}|[sbr]\.[a-z0-9]{24}\M`,
  // GitHub, GitLab
  String.raw`(?:gh[oprsu]|github_pat)_\w{16,}|glpat-[\w-]{16,}`,
  // Slack
  String.raw`(?:xox[a-z]|xapp)-[\w-]{8,}|hooks\.slack\.com/services/[\w/]+`,
  // Databricks
  String.raw`(?:dapi|dkea|dose)[0-9a-f]{32}(?:-\d+)?\M`,
  // Google, npm, PyPI, Docker
  String.raw`AIza[\w-]{35}|ya29\.[\w-]{16,}|npm_[a-z0-9]{36}\M|pypi-[\w-]{40,}|dckr_pat_[\w-]{16,}`,
  // Stripe, OpenAI and others
  '[rs]k[-_](?:[a-z]+[-_])?[a-z0-9]{20,}',
  'AGE-SECRET-KEY-1[0-9A-Z]+',
  // JSON Web Tokens
  String.raw`eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*`,
];

/** What is right before a secret, and before nothing else. */
const BEFORE = [
  String.raw`(?:bearer|basic)\s+(?=[\w.~+/-]*[0-9=]|[\w.~+/-]{20})(?=[\w.~+/=-]{8})`,
  String.raw`sshpass\s+-p\s*`,
  String.raw`mysql\w*(?:\s+[^\s"\\]+)*\s+-p`,
  String.raw`login(?:\s+[^\s"\\]+)*\s+-p\s+`,
  String.raw`(?:-u\s*|--user[ =])(?:'|${QUOTE})?[^\s:"'\\\d][^\s:"'\\]*:`,
];

/** A URL's user and password, which may hold anything that a URL can't be without. A port isn't one. */
const CREDENTIALS = String.raw`(://)[^\s"\\/@:?#]*:(?!\d{1,5}(?:[/?#]|\M))(?:[^\s"\\:${MARK}]|:(?!//)|\\\\)*@`;

const FILE =
  'avro|bin|csv|egg|gz|html?|ipynb|jar|json|log|md|orc|parquet|pkl|py|scala|sh|sql|tar|tgz|toml|txt|whl|xml|ya?ml|zip';
// Whether it's a letter depends on the database's locale.
const BEYOND_ASCII = String.raw`[^\u0001-\u007f]`;
const SOMEBODY = String.raw`(?:(?:[\w.+%'-]|${BEYOND_ASCII})+|${QUOTE}[^"\\]+${QUOTE})(?:@|%40)`;
const LABEL = String.raw`(?:[\w-]|${BEYOND_ASCII})+`;
const DOMAIN = String.raw`(?:(?:${LABEL}\.)+(?!(?:${FILE})\M)(?:[a-z]|${BEYOND_ASCII}){2,}(?!\w)|localhost\M)`;

/** Where nothing says that it's one, an address without a domain may be a job's or a model's version. A URL's user isn't one. */
const ADDRESS = String.raw`(<|mailto:)${SOMEBODY}[\w.-]+|((?:^|[^\w.+%'/\\-]|[^/]/)(?!git@))${SOMEBODY}${DOMAIN}`;

/** What goes from any text: secrets that are known by their form or place, and addresses of e-mail. */
export const FROM_TEXTS: readonly Edit[] = [
  [CREDENTIALS, String.raw`\1`],
  [
    String.raw`((?:^|[^\w.-])(?:${BEFORE.join('|')}))[^\s"'\\]+|(^|[^\w.])(?:${KNOWN.join('|')})`,
    String.raw`\1\2${MASKED}`,
  ],
  [ADDRESS, String.raw`\1\2nobody@example.invalid`],
];
