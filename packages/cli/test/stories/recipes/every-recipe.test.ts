import { readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { it } from '@vastai-cli/testing/checkout/cli';
import { installed } from '@vastai-cli/testing/programs';
import { describe, expect } from 'vitest';
import cli from '../../../package.json' with { type: 'json' };
import { RECIPES, recipe, recipeShell } from '../../support/recipe.js';

const pages = readdirSync(RECIPES).map((name) => name.replace(/\.md$/u, ''));
const pipes = pages
  .flatMap((page) => recipe(page).commands.map((line) => ({ page, line })))
  .filter(({ line }) => line.includes('create api-key') || line.includes('auth token'));

it('every recipe has a story that follows it', () => {
  const folder = fileURLToPath(new URL('.', import.meta.url));
  const stories = readdirSync(folder).map((name) => readFileSync(folder + name, 'utf8'));
  expect(pages.filter((page) => !stories.join('\n').includes(`recipe('${page}')`))).toEqual([]);
});

it('every recipe that installs vastai installs our package, for all projects', () => {
  const texts = pages.map((page) => readFileSync(`${RECIPES}${page}.md`, 'utf8')).join('\n');
  const installs = [...texts.matchAll(/npm install.*/gu)].map(([line]) => line.replace(/ (?:\\$|&&.*)/u, ''));
  expect([...new Set(installs)]).toEqual([`npm install -g ${cli.name}`]);
});

describe.runIf(process.platform === 'linux' && installed('strace')).concurrent('a recipe', () => {
  it.for(pipes)('starts no program with a key that it pipes: $page, $line', async ({ line }, { harness }) => {
    const { home, saveKey, sandbox } = harness;
    const run = await recipeShell(harness);
    for (const name of ['gh', 'glab', 'kubectl', 'sudo'])
      await chmod(await home.write(`bin/${name}`, '#!/bin/sh\ncat > piped\n'), 0o755);
    await mkdir(home.at('.dstack/server'), { recursive: true });
    await saveKey();
    const strace = 'strace -qq -f -v -s 100000 -e trace=execve -o trace.txt';
    await run(`${strace} sh -c "$LINE"`, { env: { LINE: line } });
    const trace = (await home.read('trace.txt')) ?? '';
    expect(trace).toContain('"api-key"');
    // Every argument, and every variable.
    expect(trace).not.toMatch(/[0-9a-f]{64}/u);
    // It arrived, beside the key of the home or in its place.
    const files = Object.values(await home.files()).join('\n');
    expect(files.match(/[0-9a-f]{64}/gu)).not.toEqual([sandbox.key]);
  });
});
