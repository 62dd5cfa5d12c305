import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from '@vastai-cli/testing/checkout/cli';
import { describe, expect } from 'vitest';

const PACKAGES = ['cli', 'plugin-keys', 'plugin-account', 'plugin-permissions', 'plugin-scan'];
const COMMANDS = PACKAGES.flatMap((name) => {
  const file = join(import.meta.dirname, '..', '..', name, 'oclif.manifest.json');
  const { commands } = JSON.parse(readFileSync(file, 'utf8')) as {
    commands: Record<string, { hidden?: boolean; pluginType?: string }>;
  };
  return Object.entries(commands)
    .filter(([, { hidden, pluginType }]) => !hidden && pluginType !== 'jit')
    .map(([id]) => id.replaceAll(':', ' '));
});

describe.concurrent('the first screen', () => {
  it('says how to start, lists topics in sentences, and where to read on', async ({
    harness: { vastai },
  }) => {
    const { status, stdout, stderr } = await vastai([]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const section = (name: string) => stdout.split(`${name}\n`)[1]?.split('\n\n')[0]?.split('\n') ?? [];
    expect(section('FIRST STEPS')).toHaveLength(3);
    expect(section('TOPICS').length).toBeGreaterThan(5);
    for (const line of section('TOPICS')) expect(line).toMatch(/^ {2}[a-z]+ +[A-Z][^.]*\.$/u);
    expect(stdout).toContain('https://github.com/vastai-cli/vastai-cli#readme');
    const words = stdout.split('\n').map((line) => line.trim());
    const sentences = words.filter((line) => line.includes(' '));
    expect(new Set(sentences).size).toBe(sentences.length);
  });

  it('is the same for help, --help and -h', async ({ harness: { vastai } }) => {
    const screens = await Promise.all([[], ['help'], ['--help'], ['-h']].map((words) => vastai(words)));
    expect(new Set(screens.map(({ stdout }) => stdout)).size).toBe(1);
  });
});

describe.concurrent('the help of a command', () => {
  it.for([
    ['tfa activate', '[CODE]', false],
    ['tfa update', 'ID', false],
    ['delete api-key', 'ID', true],
  ] as const)('of "%s" says how many arguments it takes', async ([command, name, isMany], { harness }) => {
    const { stdout } = await harness.vastai([...command.split(' '), '--help']);
    expect(stdout).toContain(`vastai ${command} ${isMany ? `${name}...` : name} `);
    expect(stdout.includes('...')).toBe(isMany);
  });

  it.for(['tfa login', 'tfa activate'])('of "%s" lists values once', async (command, { harness }) => {
    const { stdout } = await harness.vastai([...command.split(' '), '--help']);
    expect(stdout.match(/\btotp, sms|sms(?:,| or) totp/gu)).toHaveLength(1);
    expect(stdout.match(/\[default: totp\]/gu) ?? []).toHaveLength(command === 'tfa activate' ? 1 : 0);
  });

  it('lists the flags that every command takes after all others', async ({ harness: { vastai } }) => {
    const { stdout } = await vastai(['exec', '--help']);
    const groups = stdout.split('\n').filter((line) => / FLAGS$/u.test(line));
    expect(groups).toContain('EPHEMERAL KEY FLAGS');
    expect(groups.at(-1)).toBe('GLOBAL FLAGS');
  });
});

describe.concurrent('vastai help', () => {
  it.for([
    ['environment', 'VAST_API_KEY_FILE'],
    ['exit-status', '(two_factor)'],
    ['permissions', 'permissions validate'],
    ['profiles', '.vastai-profile'],
  ] as const)('has a page on %s', async ([name, content], { harness: { vastai } }) => {
    const { status, stdout, stderr } = await vastai(['help', name]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain(content);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it.for(COMMANDS)('of "%s" fits a narrow terminal and the usual one', async (command, { harness }) => {
    for (const columns of [50, 80]) {
      const env = { OCLIF_COLUMNS: String(columns) };
      const { stdout } = await harness.vastai([...command.split(' '), '--help'], { env });
      const [, ...lines] = stdout.split('\n');
      // A shell word in quotation marks is never broken.
      const breakable = lines.filter((line) => !/^ +'[^']*'$/u.test(line));
      expect(breakable.filter((line) => line.length > columns)).toEqual([]);
      expect(stdout).not.toMatch(/ \]|\n {2,}\w+(?:-\w+)?\|/u);
    }
  });

  it.for(COMMANDS)(
    'of "%s" says nothing twice and breaks nothing inside quotes',
    async (command, { harness }) => {
      const { status, stdout } = await harness.vastai([...command.split(' '), '--help']);
      expect(status).toBe(0);
      expect(stdout).not.toMatch(/<(?:value|option)s?>/u);
      const paragraphs = stdout.split('\n\n').map((text) => text.replace(/^[A-Z ]+\n/u, '').trim());
      const prose = paragraphs.filter((text) => /^[A-Z][^$]*\.$/su.test(text));
      expect(new Set(prose).size).toBe(prose.length);
      for (const example of stdout.match(/^ {4}\$ .*(?:\\\n.*)*/gmu) ?? []) {
        for (const line of example.split(/\\\n/u)) {
          expect((line.match(/'/gu) ?? []).length % 2, line).toBe(0);
        }
      }
    },
  );

  it.for(['permissions', 'exit-status', 'environment', 'profiles'])(
    'of the page "%s" has single empty lines',
    async (page, { harness: { vastai } }) => {
      for (const words of [
        ['help', page],
        [page, '--help'],
      ]) {
        const { stdout } = await vastai(words);
        if (words[0] === 'help') expect(stdout).toMatch(/^(?:How|What|The) /u);
        expect(stdout).not.toContain('\n\n\n');
      }
    },
  );
});
