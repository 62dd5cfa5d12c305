import type { SessionFlags } from './base-command.js';

/** The flags that a command needs to reach the profile and the API of this run, for advice: ` --profile work`. */
export function commandFlags({ profile, url }: SessionFlags): string {
  return [
    ['--profile', profile],
    ['--url', url],
  ]
    .filter((flag): flag is [string, string] => flag[1] !== undefined)
    .map(([name, value]) => ` ${name} ${shellWord(value)}`)
    .join('');
}

/** A word as a shell takes it, in quotation marks only where it needs them. */
export function shellWord(text: string): string {
  return /^[\w%+,./:=@-]+$/u.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
