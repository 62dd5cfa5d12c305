import { serverText } from '@vastai-cli/core/internal/base/terminal-safe';
import type { ChosenProfile } from '@vastai-cli/core/internal/config/profile';
import type { Context } from '@vastai-cli/core/internal/credentials/context';
import { listProfiles, type ProfileEntry } from '@vastai-cli/core/internal/credentials/profiles';
import { closest } from '@vastai-cli/kit/closest';
import { type Column, type Part, sentence, table } from '@vastai-cli/kit/result';

/** Holds a profile as `profile list --json` prints it. Its shape is stable. */
export interface ListedProfile extends ProfileEntry {
  /** True if a command in this folder uses it without `--profile`. */
  readonly active: boolean;
  /** The origin of the active profile: `VAST_PROFILE`, the path of a file, `config.json` or `default`. */
  readonly active_from?: string;
}

/**
 * Returns all profiles, and marks the one that is used here.
 *
 * @param chosen the profile used here; `undefined` if its name is not valid
 */
export async function listedProfiles(
  paths: Context['paths'],
  chosen: ChosenProfile | undefined,
): Promise<ListedProfile[]> {
  const profiles = await listProfiles(paths);
  return profiles.map((profile) =>
    profile.name === chosen?.name
      ? { ...profile, active: true, active_from: chosen.from }
      : { ...profile, active: false },
  );
}

const COLUMNS: readonly Column<ListedProfile>[] = [
  { title: '', value: ({ active }) => (active ? '*' : '') },
  { title: 'PROFILE', value: ({ name }) => name, shrinks: true },
  { title: 'KEY IN', value: ({ storage }) => storage ?? '-' },
  { title: 'KEY', value: ({ suffix }) => (suffix === undefined ? '-' : `…${suffix}`) },
  { title: 'ACCOUNT', value: ({ account }) => account ?? '-', shrinks: true },
  { title: 'API', value: ({ url }) => url, whole: true },
];

/** Returns the profiles as a table, and a sentence about which one is used here and why. */
export function profilesText(profiles: readonly ListedProfile[], chosen: ChosenProfile | undefined): Part[] {
  const all = table(COLUMNS, profiles);
  return chosen === undefined ? [all] : [all, sentence(`\n${inForce(profiles, chosen)}`)];
}

function inForce(profiles: readonly ListedProfile[], { name, from }: ChosenProfile): string {
  const used = `"${name}" is used here${reasonOf(from)}.`;
  const names = profiles.map((profile) => profile.name);
  if (!names.includes(name)) {
    const similar = closest(name, names);
    return `${used} It has no key yet${similar === undefined ? '.' : `; did you mean "${similar}"?`}`;
  }
  const current = profiles.find((profile) => profile.current)?.name;
  return current === undefined || current === name ? used : `${used} Elsewhere, "${current}" is used.`;
}

function reasonOf(from: string): string {
  if (from === 'default') return '';
  return from === 'config.json' ? ' (set with "profile use")' : ` (from ${serverText(from)})`;
}
