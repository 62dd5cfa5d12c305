import { shellWord } from '@vastai-cli/core/shell-word';
import type { SessionFlags } from './base-command.js';

/** Returns the flags that a command needs to reach the profile and the API of this run, for advice: ` --profile work`. */
export function commandFlags({ profile, url }: SessionFlags): string {
  return [
    ['--profile', profile],
    ['--url', url],
  ]
    .filter((flag): flag is [string, string] => flag[1] !== undefined)
    .map(([name, value]) => ` ${name} ${shellWord(value)}`)
    .join('');
}
