import type { ApplyStep } from '@spire/migrate';
import { elapsed } from './duration.ts';

/** Says how migrations go: a line for each that is done, and for each attempt that others' locks prevented. */
export function applyStepText(step: ApplyStep): string | undefined {
  if (step.kind === 'applied') return `  ${step.file.tag}  ${elapsed(step.millis)}`;
  if (step.kind !== 'blocked') return undefined;
  const who =
    step.holders.length > 0 ? `: open are transactions of ${step.holders.join('; ')}` : '';
  return `  ${step.file.tag} waits for locks; tried again in ${elapsed(step.pauseMillis)}${who}`;
}
