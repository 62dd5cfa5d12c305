import type { Package } from './package.js';

/** Matches words whose spelling in a list of commands is known, up to the first character that could be `-` or `_`. */
const PLAIN = /^[a-z]+$/u;
const BEGINNING = /^[a-z]+/u;

/**
 * Returns true if the words surely begin the name or an alias of no command. Looks for them in the lists of commands, without
 * the time that it takes to parse these. Every other case counts as unsure: a flag in front, and a list with the words in
 * another place, or of another version.
 */
export function areNoCommand(
  [first = '', second = '']: readonly string[],
  packages: readonly Package[],
): boolean {
  const beginning = BEGINNING.exec(second)?.[0];
  if (!PLAIN.test(first) || beginning === undefined) return false;
  return packages.every(
    ({ list, file }) =>
      list.includes(`"version":"${file.version}"`) &&
      !list.includes(`"${first}"`) &&
      !list.includes(`"${first}:${beginning}`),
  );
}
