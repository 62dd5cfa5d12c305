import type { Package } from './package.js';

/** Matches words whose spelling in a manifest is known, up to the first character that could be `-` or `_`. */
const PLAIN = /^[a-z]+$/u;
const BEGINNING = /^[a-z]+/u;

/**
 * Returns true if the words surely begin the name or an alias of no command. Looks for them in the texts of the manifests,
 * which takes a tenth of the time in which these are parsed. Every other case counts as unsure: a flag in front, and a
 * manifest with the words in another place, or of another version.
 */
export function areNoCommand(
  [first = '', second = '']: readonly string[],
  packages: readonly Package[],
): boolean {
  const beginning = BEGINNING.exec(second)?.[0];
  if (!PLAIN.test(first) || beginning === undefined) return false;
  return packages.every(
    ({ manifest, file }) =>
      manifest.includes(`"version":"${file.version}"`) &&
      !manifest.includes(`"${first}"`) &&
      !manifest.includes(`"${first}:${beginning}`),
  );
}
