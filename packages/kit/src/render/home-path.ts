import { isAbsolute, sep } from 'node:path';

/** What may stand before a path that a shell or a person reads from its beginning. */
const BEFORE = String.raw`(?<=^|[\s(“])`;

/**
 * Shortens the paths in a text for a person: `~` for the home folder, as the shell has it. A path in quotation marks
 * or behind a `=` stays, since the shell would not expand a `~` there and a command must work as it is printed.
 *
 * @param home what the shell expands `~` to
 */
export function withTilde(text: string, home: string | undefined = process.env.HOME): string {
  if (home === undefined || !isAbsolute(home)) return text;
  const folder = home.replace(/[/\\]+$/u, '');
  if (folder === '' || !text.includes(folder)) return text;
  return text.replace(new RegExp(`${BEFORE}${escaped(folder)}(?=${escaped(sep)}|$|[\\s),:;])`, 'gmu'), '~');
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/gu, '\\$&');
}
