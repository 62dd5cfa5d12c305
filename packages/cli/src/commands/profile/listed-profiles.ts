import { serverText } from '@vastai-cli/core/internal/base/terminal-safe';
import type { ChosenProfile } from '@vastai-cli/core/internal/config/profile';
import type { Context } from '@vastai-cli/core/internal/credentials/context';
import { listProfiles, type ProfileEntry } from '@vastai-cli/core/internal/credentials/profiles';
import { closest } from '@vastai-cli/kit/closest';
import { type Column, type Part, sentence, table } from '@vastai-cli/kit/result';

/** A profile as `profile list --json` prints it: a stable shape. */
export interface ListedProfile extends ProfileEntry {
  /** Whether a command in this folder uses it when no `--profile` is given. */
  readonly active: boolean;
  /** What chose the active one: `VAST_PROFILE`, the path of a file, `config.json` or `default`. */
  readonly active_from?: string;
}

/**
 * Returns every profile, with a mark at the one that is used here.
 *
 * @param chosen the profile used here; `undefined` where what chooses it cannot be used
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

/** Puts the profiles into a table, and says which one is used here and why. */
export function profilesText(profiles: readonly ListedProfile[], chosen: ChosenProfile | undefined): Part[] {
  const all = table(COLUMNS, profiles);
  return chosen === undefined ? [all] : [all, sentence(`\n${inForce(profiles, chosen)}`)];
}

function inForce(profiles: readonly ListedProfile[], { name, from }: ChosenProfile): string {
  const used = `"${name}" is used here: ${reasonOf(from)}.`;
  const names = profiles.map((profile) => profile.name);
  if (!names.includes(name)) {
    const similar = closest(name, names);
    return `${used} It has no key yet${similar === undefined ? '.' : `; did you mean "${similar}"?`}`;
  }
  const current = profiles.find((profile) => profile.current)?.name;
  return current === undefined || current === name ? used : `${used} Elsewhere "${current}" is used.`;
}

function reasonOf(from: string): string {
  if (from === 'default') return 'nothing names another one';
  return from === 'config.json' ? 'it is the current one' : `${serverText(from)} names it`;
}
