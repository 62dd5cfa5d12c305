import { compilePattern } from './ignore-pattern.js';

/** One line of a `.gitignore`. */
interface Rule {
  readonly isIgnored: boolean;
  readonly onlyFolders: boolean;
  /** True for a pattern that matches the last name of a path only. */
  readonly byName: boolean;
  readonly test: (path: string) => boolean;
}

/** The rules of one `.gitignore`. */
export type IgnoreRules = readonly Rule[];

/** Reads the text of a `.gitignore`, as gitignore(5) describes it. */
export function readIgnoreRules(text: string): IgnoreRules {
  return text
    .replace(/^\ufeff/u, '')
    .split('\n')
    .flatMap((line) => ruleOf(line.replace(/\r$/u, '')) ?? []);
}

/**
 * Returns whether the rules ignore a path; undefined if none is about it, so that those of the folder above decide.
 *
 * @param path relative to the folder of the rules, with `/`
 */
export function verdictOf(rules: IgnoreRules, path: string, isFolder: boolean): boolean | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  // The last rule that matches decides.
  for (let at = rules.length - 1; at >= 0; at--) {
    const rule = rules[at];
    if (rule !== undefined && (isFolder || !rule.onlyFolders) && rule.test(rule.byName ? name : path))
      return rule.isIgnored;
  }
  return undefined;
}

function ruleOf(line: string): Rule | undefined {
  if (line.startsWith('#')) return undefined;
  const isIgnored = !line.startsWith('!');
  const text = withoutSpaces(isIgnored ? line : line.slice(1));
  const onlyFolders = text.endsWith('/');
  const body = onlyFolders ? text.slice(0, -1) : text;
  if (body === '') return undefined;
  const byName = !body.includes('/');
  const test = compilePattern(body.startsWith('/') ? body.slice(1) : body);
  return test === undefined ? undefined : { isIgnored, onlyFolders, byName, test };
}

/** Removes spaces from the end of a line, but not one that a backslash keeps. */
function withoutSpaces(line: string): string {
  let end = line.length;
  while (end > 0 && line[end - 1] === ' ') end--;
  if (end === line.length) return line;
  let slashes = 0;
  while (line[end - 1 - slashes] === '\\') slashes++;
  return line.slice(0, slashes % 2 === 1 ? end + 1 : end);
}
