import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { checkDocument } from './contract.js';
import { startNode } from './run.js';

const closed = (properties: object) => ({ type: 'object', properties, additionalProperties: false });
const CONTRACT = {
  'commands.json': {
    autocomplete: { document: null, failure: 'schemas/failure.json' },
    'create api-key': { document: 'schemas/id.json', failure: 'schemas/create.failure.json' },
    'show api-key': {
      document: 'schemas/id.json',
      failure: 'schemas/failure.json',
      flags: {
        profile: { type: 'option', char: 'p' },
        key_params: { type: 'option' },
        yes: { type: 'boolean' },
      },
    },
    show: { document: 'schemas/failure.json', failure: 'schemas/failure.json' },
  },
  'schemas/id.json': { ...closed({ id: { type: 'number' } }), required: ['id'] },
  'schemas/failure.json': closed({ error: { type: 'object' } }),
  'schemas/create.failure.json': closed({ error: { type: 'object' }, deleted: { type: 'boolean' } }),
};

/** A CLI that prints what it is given, with a contract beside it. */
async function cli(printed: unknown): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'vastai-contract-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const files = {
    'bin/run.cjs': `process.stdout.write(${JSON.stringify(JSON.stringify(printed))})`,
    ...Object.fromEntries(
      Object.entries(CONTRACT).map(([name, document]) => [`contract/${name}`, JSON.stringify(document)]),
    ),
  };
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return join(folder, 'bin', 'run.cjs');
}

const check = async (words: string, document: unknown) =>
  checkDocument(await cli(null), words.split(' '), JSON.stringify(document));

describe('checkDocument', () => {
  it('runs after every command in a test', async () => {
    const script = await cli({ id: 1, plan: 'pro' });
    const run = (...args: string[]) => startNode(script, args, { env: {} }).ended;
    await expect(run('show', 'api-key', '1', '--json')).rejects.toThrow(
      'The output of vastai show api-key --json does not match contract/schemas/id.json: / must NOT have additional properties (plan)',
    );
    expect((await run('show', 'api-key', '1')).json()).toEqual({ id: 1, plan: 'pro' });
  });

  it('names each position and prints no value', async () => {
    const error = await check('show api-key --json', { id: 'c0ffee', key: 'c0ffee' }).catch(String);
    expect(error).toContain('/id must be number');
    expect(error).toContain('(key)');
    expect(error).not.toContain('c0ffee');
  });

  it.each([
    ['--profile work show api-key 42 --json', { id: 42 }],
    ['--json show api_key 42', { id: 42 }],
    ['create --json --name ci api-key', { id: 42 }],
    ['--profile show --key-params show --yes create api-key --json', { error: {}, deleted: true }],
    ['-p show create api-key --json', { error: {}, deleted: true }],
    ['create api-key --json', { error: {}, deleted: true }],
    ['show api-key 42 --json', { error: {} }],
    ['nonsense --json', { error: {} }],
  ])('accepts what %s may print', async (words, document) => {
    await expect(check(words, document)).resolves.toBeUndefined();
  });

  it.each([
    ['--profile work show api-key 42 --json', { id: 42, x: 1 }],
    ['--json show api_key 42', {}],
    ['create --json --name ci api-key', []],
    ['create api-key --json', { error: {}, absent: [] }],
    ['show api-key 42 --json', { error: {}, deleted: true }],
    ['nonsense --json', { error: {}, x: 1 }],
    ['autocomplete --json', {}],
  ])('rejects what %s may not print', async (words, document) => {
    await expect(check(words, document)).rejects.toThrow('contract');
  });

  it('ignores output that is not a document, unknown commands, and commands without a contract', async () => {
    const script = await cli(null);
    await expect(checkDocument(script, ['show', 'api-key', '--json'], '{"id":')).resolves.toBeUndefined();
    await expect(checkDocument(script, ['hello', '--json'], '{"x":1}')).resolves.toBeUndefined();
    await expect(checkDocument('/nowhere/run.js', ['show', '--json'], '{"x":1}')).resolves.toBeUndefined();
  });
});
