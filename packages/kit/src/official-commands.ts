import { COMMAND_ROWS } from '@vastai-cli/permissions/catalogue/command-data';
import { nearest } from '@vastai-cli/permissions/catalogue/spelling';

/** The commands of the official CLI that call no API, or one that the catalogue does not cover. */
const OTHERS = [
  'get endpt-logs',
  'get endpt-workers',
  'get wrkgrp-logs',
  'run benchmarks',
  'uninstall',
  'update',
  'update workers',
];

/** The commands of Vast.ai's own CLI, sorted. */
export const OFFICIAL_COMMANDS: readonly string[] = [...Object.keys(COMMAND_ROWS), ...OTHERS].sort();

/** Returns the candidate within two letters of a word, or `undefined`. */
export function withinTwoLetters(word: string, candidates: readonly string[]): string | undefined {
  return nearest(word, candidates, 2)[0];
}
