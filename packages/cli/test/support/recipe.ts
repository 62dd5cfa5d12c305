import { readFileSync } from 'node:fs';
import { appendFile, chmod, mkdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Harness } from '@vastai-cli/testing/harness';
import { expect } from 'vitest';
import { type ShellOptions, shellOf } from './shell.js';

export const RECIPES = fileURLToPath(new URL('../../../../docs/recipes/', import.meta.url));

/** The blocks and commands of a page of docs/recipes, so that tests run those and nothing else. */
export interface Recipe {
  /** Returns the content of a block of code. */
  block(language: string, nth?: number): string;
  /** Returns the commands that are typed, each on one line. */
  readonly commands: readonly string[];
}

/** Reads a recipe. @throws Error if there is no such page, or a block that a test asks for is missing */
export function recipe(name: string): Recipe {
  const text = readFileSync(`${RECIPES}${name}.md`, 'utf8').replaceAll('\r\n', '\n');
  const blocks = [...text.matchAll(/^```(\w*)\n(.*?)^```$/gmsu)].map(([, language, code = '']) => ({
    language,
    code,
  }));
  const typed = blocks.filter(({ language }) => language === 'console').map(({ code }) => code);
  return {
    block(language, nth = 0) {
      const found = blocks.filter((block) => block.language === language)[nth];
      if (found === undefined) throw new Error(`${name}.md has no block ${nth} in ${language}`);
      return found.code;
    },
    commands: typed
      .join('')
      .replace(/ \\\n\s*/gu, ' ')
      .split('\n')
      .filter((line) => line.startsWith('$ '))
      .map((line) => line.slice(2)),
  };
}

/** One call of a program. */
export interface Call {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly input: string;
}

/**
 * Puts a program into the folder that comes first on PATH, which notes how it is called and then runs a script of Node.
 *
 * @param script can use `argv` and `input`
 * @param options `path` puts the program elsewhere in the home; `reads` makes it read its standard input
 * @returns a function that returns the calls so far
 */
export async function standIn(
  { home }: Pick<Harness, 'home'>,
  name: string,
  script = '',
  options: { readonly path?: string; readonly reads?: boolean } = {},
): Promise<() => Promise<Call[]>> {
  const notes = home.at(`calls/${name}.jsonl`);
  await mkdir(home.at('calls'), { recursive: true });
  await appendFile(notes, '');
  const program = await home.write(
    options.path ?? `bin/${name}`,
    `#!${process.execPath}
const argv = process.argv.slice(2);
const input = ${options.reads ? "require('node:fs').readFileSync(0, 'utf8')" : "''"};
const call = JSON.stringify({ argv, env: process.env, input });
require('node:fs').appendFileSync(${JSON.stringify(notes)}, call + '\\n');
${script}
`,
  );
  await chmod(program, 0o755);
  return async () => {
    const lines = (await readFile(notes, 'utf8')).split('\n').filter(Boolean);
    return lines.map((line) => JSON.parse(line));
  };
}

/** Returns where in a call a key is: the arguments with it, and the names of the variables. */
export function whereIs(key: string, call: Call | undefined) {
  return {
    argv: call?.argv.filter((word) => word.includes(key)),
    env: Object.keys(call?.env ?? {}).filter((name) => call?.env[name]?.includes(key)),
  };
}

/** The only place of the key in a program that is started as its recipe says. */
export const IN_ITS_VARIABLE = { argv: [], env: ['VAST_API_KEY'] };

/**
 * Returns a shell like that of `shellOf`, which fails the test if lines end with another status than 0, or if anything
 * like a key is printed.
 */
export async function recipeShell(harness: Harness) {
  const shell = await shellOf(harness);
  return async (
    lines: string,
    options: ShellOptions & { readonly status?: number } = {},
  ): Promise<string> => {
    const { status, output } = await shell(lines, options);
    expect(output).not.toMatch(/[0-9a-f]{64}/u);
    expect([lines, status, output]).toEqual([lines, options.status ?? 0, output]);
    return output;
  };
}

/** Returns the name of the newest key of the account, and the categories that it grants; without any, it has full access. */
export function newestKey({ sandbox }: Pick<Harness, 'sandbox'>) {
  const { name, permissions } = sandbox.keys().at(-1) ?? {};
  const { api } = (permissions ?? {}) as { readonly api?: object };
  return { name, categories: api && Object.keys(api).sort() };
}

/** The categories of the presets that recipes use. */
export const MONITORING = ['instance_read'];
export const CI_DEPLOY = ['instance_read', 'instance_write', 'misc'];

/** Returns what a document allows of requests that another program makes: `allow`, `deny` or `unknown` for each. */
export async function verdicts(
  { home, vastai }: Harness,
  permissions: unknown,
  requests: readonly string[],
): Promise<Record<string, string>> {
  const file = await home.write('verdicts.json', JSON.stringify(permissions));
  const found = requests.map(async (request) => {
    const ran = await vastai(['permissions', 'check', file, '--request', request]);
    return [request, /^\w+/u.exec(ran.stdout)?.[0] ?? ran.stderr] as const;
  });
  return Object.fromEntries(await Promise.all(found));
}
