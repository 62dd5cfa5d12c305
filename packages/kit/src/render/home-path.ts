import { isAbsolute, sep } from 'node:path';
import { readEnvironment } from '@vastai-cli/core/internal/base/environment';

/** Matches where a path may begin for its `~` to be expanded. */
const BEFORE = String.raw`(?<=^|[\s(“])`;

/**
 * Replaces the home folder in paths with `~`, for a person. Leaves paths in quotation marks or after `=`: a shell does not
 * expand `~` there, and commands must work as printed.
 *
 * @param home the folder that a shell expands `~` to
 */
export function withTilde(text: string, home = homeFolder()): string {
  if (!isAbsolute(home)) return text;
  const folder = home.replace(/[/\\]+$/u, '');
  if (folder === '' || !text.includes(folder)) return text;
  return text.replace(new RegExp(`${BEFORE}${escaped(folder)}(?=${escaped(sep)}|$|[\\s),:;])`, 'gmu'), '~');
}

/** Returns the folder that a shell expands `~` to, or an empty string if it is unknown. */
export function homeFolder(): string {
  return readEnvironment(process.env).HOME ?? '';
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/gu, '\\$&');
}
