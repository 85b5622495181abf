import { headings } from '../headings.ts';
import type { ManifestCommand, ManifestFlag } from '../manifest.ts';
import { withMarkedPart } from './marked-part.ts';

/**
 * A page with the usage of each command at the end of the section that its heading, such as
 * `## spire db status`, begins; or where the comments stand already.
 */
export function withUsages(markdown: string, commands: readonly ManifestCommand[]): string {
  const lines = markdown.split('\n');
  const starts = headings(markdown).filter(({ level }) => level <= 2);
  const bounds = [1, ...starts.map(({ line }) => line), lines.length + 1];
  const sections = bounds
    .slice(1)
    .map((end, index) => lines.slice((bounds[index] ?? 1) - 1, end - 1));
  return sections
    .filter((section) => section.length > 0)
    .map((section) => {
      const words = /^##? spire (.+)$/.exec(section[0] ?? '')?.[1];
      const command = commands.find((one) => one.words === words);
      const text = section.join('\n');
      if (!command) return text;
      return withMarkedPart(text, 'usage', usage(command)).trimEnd().concat('\n');
    })
    .join('\n')
    .trimEnd()
    .concat('\n');
}

/** The commands that have no heading on any page. */
export function undescribed(
  pages: readonly string[],
  commands: readonly ManifestCommand[],
): string[] {
  const described = new Set(pages.flatMap((page) => headings(page).map(({ text }) => text)));
  return commands.map(({ words }) => words).filter((words) => !described.has(`spire ${words}`));
}

function usage({ words, args, flags, strict }: ManifestCommand): string {
  const needed = flags.filter(({ required }) => required);
  const call = [
    `spire ${words}`,
    ...args.map(({ name, required }) => bracketed(name.toUpperCase(), !required)),
    ...needed.map((flag) => nameOf(flag)),
    '[FLAGS]',
    ...(strict ? [] : ['[-- ...]']),
  ].join(' ');
  const rows = [
    ...args.map(({ name, description }) => [name.toUpperCase(), description ?? '']),
    ...flags.filter(({ name }) => name !== 'json').map((flag) => [withChar(flag), meaning(flag)]),
    ['--json', 'print one object on stdout'],
  ];
  return [
    `\`\`\`text\n${call}\n\`\`\`\n`,
    '| argument or flag | |',
    '|---|---|',
    ...rows.map(([name, means]) => `| \`${cell(name)}\` | ${cell(means)} |`),
  ].join('\n');
}

function nameOf(flag: ManifestFlag): string {
  const { name, type, helpValue, options, allowNo } = flag;
  if (type === 'boolean') return `--${allowNo ? '[no-]' : ''}${name}`;
  return `--${name} ${helpValue ?? options?.join('|') ?? 'VALUE'}`;
}

function withChar(flag: ManifestFlag): string {
  return flag.char ? `-${flag.char}, ${nameOf(flag)}` : nameOf(flag);
}

function meaning({
  description,
  default: value,
  env,
  multiple,
  exclusive,
  required,
}: ManifestFlag) {
  return [
    description ?? '',
    ...(required ? ['required'] : []),
    ...(value === undefined || value === false ? [] : [`default \`${value}\``]),
    ...(env ? [`else the variable \`${env}\``] : []),
    ...(multiple ? ['may be given several times'] : []),
    ...(exclusive?.length ? [`not with \`--${exclusive.join('`, `--')}\``] : []),
  ].join('; ');
}

function bracketed(text: string, isOptional: boolean): string {
  return isOptional ? `[${text}]` : text;
}

function cell(text = ''): string {
  return text.replaceAll('|', '\\|');
}
