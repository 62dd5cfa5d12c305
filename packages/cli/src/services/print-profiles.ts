import { serverText } from '@vastai-cli/core/internal/base/terminal-safe';
import type { ChosenProfile } from '@vastai-cli/core/internal/config/profile';
import { closest } from '@vastai-cli/kit/closest';
import type { Output } from '@vastai-cli/kit/render/output';
import type { ListedProfile } from './profiles-here.js';

/** Prints the profiles as a table, and which one is used here and why. */
export function printProfiles(
  profiles: readonly ListedProfile[],
  chosen: ChosenProfile | undefined,
  output: Output,
): void {
  output.table(
    [
      { title: '', value: ({ active }) => (active ? '*' : '') },
      { title: 'PROFILE', value: ({ name }) => name, shrinks: true },
      { title: 'KEY IN', value: ({ storage }) => storage ?? '-' },
      { title: 'KEY', value: ({ suffix }) => (suffix === undefined ? '-' : `…${suffix}`) },
      { title: 'ACCOUNT', value: ({ account }) => account ?? '-', shrinks: true },
      { title: 'API', value: ({ url }) => url, whole: true },
    ],
    profiles,
  );
  if (chosen !== undefined) output.sentence(`\n${inForce(profiles, chosen)}`);
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
