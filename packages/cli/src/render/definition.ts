import { stringify } from 'yaml';
import { paint } from './paint.ts';

/** A definition as it stands in a file: YAML below its name. */
export function definition(name: string, value: unknown): string {
  const { bold } = paint(process.stdout);
  if (value === null || value === undefined) return `${bold(name)}  -`;
  const yaml = stringify(value, { flowCollectionPadding: false }).trimEnd();
  return `${bold(name)}\n${yaml.replace(/^/gm, '  ')}`;
}
