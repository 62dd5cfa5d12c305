import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cliRoot } from '@vastai-cli/testing/checkout/paths';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type KnownCommand, readPackage } from '../../src/runtime/fast-path/package.js';

const PACKAGES = ['cli', 'plugin-keys', 'plugin-account', 'plugin-permissions', 'plugin-scan'];
const LIST = 'dist/command-list.json';

/** Returns a copy of a package with its manifest and without its short list. */
async function withoutList(root: string): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'vastai-list-'));
  onTestFinished(() => rm(copy, { recursive: true }));
  for (const name of ['package.json', 'oclif.manifest.json']) await cp(join(root, name), join(copy, name));
  return copy;
}

/** Returns what a start reads of a command, spelled out. */
function read({ args, flags, ...command }: KnownCommand) {
  const { strict = true, hidden = false, aliases = [], hiddenAliases = [], wholeConfig = false } = command;
  const { summary, description, pluginName, pluginType } = command;
  return {
    args: Object.keys(args),
    flags: flags.map(({ name, type, char, ...flag }) => {
      const { aliases = [], charAliases = [], allowNo = false, multiple = false, multipleNonGreedy } = flag;
      return { name, type, char, aliases, charAliases, allowNo, multiple, once: multipleNonGreedy === true };
    }),
    ...{ strict, hidden, aliases, hiddenAliases, wholeConfig, pluginName, pluginType },
    summary: summary || description,
  };
}

const readAll = (root: string) =>
  Object.entries(readPackage(root).commands).map(([id, command]) => ({ id, ...read(command) }));

describe.each(PACKAGES)('the short list of commands of %s', (name) => {
  const root = join(cliRoot, '..', name);

  it('says the same as the manifest', async () => {
    const listed = readAll(root);
    expect(listed).toEqual(readAll(await withoutList(root)));
    expect(listed.length).toBeGreaterThan(0);
  });

  it('is packed', async () => {
    const { files } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { files: string[] };
    expect(files).toContain(LIST);
  });
});

describe('a short list', () => {
  it('counts before the manifest, and not if it is of another version', async () => {
    const root = join(cliRoot, '..', 'plugin-scan');
    const copy = await withoutList(root);
    await mkdir(join(copy, 'dist'));
    await cp(join(root, LIST), join(copy, LIST));
    await rm(join(copy, 'oclif.manifest.json'));
    expect(readAll(copy)).toEqual(readAll(root));
    const text = await readFile(join(copy, LIST), 'utf8');
    await writeFile(join(copy, LIST), text.replace(/"version":"[^"]+"/u, '"version":"0.0.9"'));
    expect(() => readAll(copy)).toThrow();
  });
});
