import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { ServersError } from '../errors.ts';
import { newState, stateFromText, stateToText, type VaultState } from './state.ts';

/** Keeps the state, in memory and, where there is a file, in it. */
export interface Storage {
  /** To read. Don't keep it: a change that fails puts an earlier one in its place. */
  readonly state: VaultState;
  /** Changes the state: when this returns the change is on disk, when it throws nothing changed. */
  update<Result>(change: (state: VaultState) => Result): Result;
}

/**
 * Opens the state kept in a file, or a new one.
 *
 * @throws ServersError `DATA_DIRECTORY_INCOMPATIBLE` when the file holds something else.
 */
export function openStorage(file?: string): Storage {
  let text = file === undefined ? undefined : readText(file);
  let state = text === undefined ? newState() : parse(text, file);
  text ??= stateToText(state);
  return {
    get state() {
      return state;
    },
    update(change) {
      try {
        const result = change(state);
        const changed = stateToText(state);
        if (changed !== text) {
          if (file !== undefined) replaceFile(file, changed);
          text = changed;
        }
        return result;
      } catch (error) {
        state = stateFromText(text ?? '');
        throw error;
      }
    },
  };
}

/** Replaces a file so that whoever reads it, even after a crash, sees the old text or the new one. */
export function replaceFile(file: string, text: string): void {
  const next = `${file}.next`;
  // Made anew, so that the mode holds and nobody's symbolic link is followed.
  rmSync(next, { force: true });
  writeFileSync(next, text, { mode: 0o600, flag: 'wx', flush: true });
  renameSync(next, file);
  const directory = openSync(dirname(file), 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * The state that a file holds now, to look at.
 *
 * @throws ServersError `DATA_DIRECTORY_INCOMPATIBLE` when the file is gone or holds something else.
 */
export function readState(file: string): VaultState {
  return parse(readText(file) ?? '', file);
}

function parse(text: string, file: string | undefined): VaultState {
  try {
    return stateFromText(text);
  } catch {
    // Without the cause: a SyntaxError quotes the text around the fault, and that may be a secret.
    throw new ServersError('DATA_DIRECTORY_INCOMPATIBLE', `${file} is not the state of a Vault.`, {
      suggestions: ['Move the file away to start with an empty Vault.'],
    });
  }
}
