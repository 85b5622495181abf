import { asCalled } from '../called-as.ts';
import type { ComparedVariable, RuntimeComparison } from '../services/compare-runtime.ts';
import type { Diagnosis } from '../services/doctor/diagnose.ts';
import type { HopReport } from '../services/doctor/hop.ts';
import { elapsed } from './duration.ts';
import { paint } from './paint.ts';
import { table } from './table.ts';
import { visible } from './visible.ts';

const WIDTH = 'authentication'.length;

/** A hop in a line; what helps below it where it is broken. */
export function renderHop({ name, state, millis, found, problem }: HopReport): string {
  const color = paint(process.stdout);
  const mark = {
    ok: color.green('\u2713'),
    broken: color.red('\u2717'),
    skipped: color.dim('-'),
  }[state];
  const time = (state === 'skipped' ? '' : elapsed(millis)).padStart(7);
  const [first = '', ...more] = (problem?.message ?? found).split('\n').map(visible);
  const indent = ' '.repeat(WIDTH + 13);
  return [
    `${mark} ${name.padEnd(WIDTH)}  ${color.dim(time)}  ${first}`,
    ...more.map((line) => `${indent}${line}`),
    ...(problem?.suggestions ?? []).map(
      (text) => `${indent}${color.dim('->')} ${visible(asCalled(text))}`,
    ),
  ].join('\n');
}

/** Who to ask and where to read, or that all is well. */
export function renderDiagnosis({ environment, broken, contacts }: Diagnosis): string {
  if (!broken) return `\nAll is well with ${environment}.`;
  const who = contacts.length > 0 ? contacts.join(', ') : 'DevOps';
  return [
    `\nIt ends at ${broken.name} (${broken.problem?.code}); what lies behind was not looked at.`,
    `Ask: ${who}`,
    `Read: ${broken.page}`,
  ].join('\n');
}

/** What the connector needs, beside what a runtime has; never a value. */
export function renderComparison({ runtime, variables }: RuntimeComparison): string {
  const rows = variables.map((one) => [one.name, one.there, sameText(one)]);
  return `${runtime}:\n${table(['variable', 'there', 'as here'], rows)}`;
}

function sameText({ same }: ComparedVariable): string {
  return same === null ? '-' : same ? 'yes' : 'no';
}
