import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { requireKeyId } from '../documents/key-id.js';
import { readLoggedCalls } from './logged-calls.js';
import { readParameters } from './parameters.js';
import { notesOn, requireAction } from './requested-action.js';
import { requireUsed } from './used-parameters.js';

const usage = (message: string, hint?: string) =>
  expect.objectContaining({ code: 'usage', message, ...(hint === undefined ? {} : { hint }) });

describe('parameters', () => {
  it('are names and values, and numbers stay numbers', () => {
    expect(readParameters()).toEqual({});
    expect(readParameters(['id=5', 'name=a=b', 'empty='])).toEqual({ id: 5, name: 'a=b', empty: '' });
  });

  it.each(['id', '=5', ''])('cannot be %j', (text) => {
    expect(() => readParameters([text])).toThrow(
      usage('--param takes name=value, for example: --param id=5'),
    );
  });

  it('can be given only once', () => {
    expect(() => readParameters(['id=5', 'id=6'])).toThrow(usage('--param names the same parameter twice.'));
  });
});

describe('an action', () => {
  it('is a request, a command or an operation', () => {
    expect(requireAction('request', 'DELETE /api/v0/instances/5/').name).toContain('DELETE');
    expect(requireAction('command', 'vastai destroy instance 5').name).toContain('destroy instance');
  });

  it('is rejected if it is not valid', () => {
    expect(() => requireAction('request', 'nowhere')).toThrow(
      usage(
        'A request must be a method and a path or URL.',
        "For example: --request 'DELETE /api/v0/instances/5/'",
      ),
    );
    expect(() => requireAction('command', 'vastai show user; vastai show user')).toThrow(
      usage(
        'A command must be a single command, without ";", "&", "|" or a line break.',
        'Give each command on its own.',
      ),
    );
    expect(() => requireAction('command', 'vastai destory instance 5')).toThrow(
      expect.objectContaining({ hint: expect.stringMatching(/^Did you mean "/u) }),
    );
    expect(() => requireAction('operation', ' frobnicate ')).toThrow(
      usage(
        'Unknown operation "frobnicate".',
        'To list operations and commands: vastai permissions operations WORD',
      ),
    );
  });

  it('gets notes about parts that do not count', () => {
    const action = { name: 'a', operations: [], parameters: {} };
    expect(notesOn(action as never)).toEqual([]);
    expect(notesOn({ ...action, unused: ['x'], origin: 'https://a.example' } as never)).toEqual([
      '"a" does not use "x".',
      'https://a.example is not the API of Vast.ai: a permission document says nothing about requests to it.',
    ]);
  });

  it('must use every parameter given for it', () => {
    const destroy = requireAction('command', 'vastai destroy instance 5', { id: 5 });
    const user = requireAction('command', 'vastai show user');
    expect(requireUsed({}, [destroy])).toBeUndefined();
    expect(requireUsed({ id: 5 }, [user, destroy])).toBeUndefined();
    expect(() => requireUsed({ id: 6 }, [destroy])).toThrow(
      usage(
        '--param "id" is not used: each action has its own.',
        'Leave --param out, or change the request or the command.',
      ),
    );
    expect(() => requireUsed({ size: 6 }, [destroy])).toThrow(
      usage(
        'A document cannot limit "size": it is not a parameter of any given action.',
        'Their parameters are id.',
      ),
    );
    expect(() => requireUsed({ size: 6 }, [user])).toThrow(
      expect.objectContaining({ hint: 'They have no parameters.' }),
    );
    expect(() => requireUsed({ id: ' ' }, [destroy])).toThrow(usage('--param "id" has no value.'));
    for (const value of ['05', '+5', '5.0', '1e1'])
      expect(() => requireUsed({ id: value }, [destroy])).toThrow(
        usage(
          `--param "id" takes a whole number as the API writes it, and "${value}" may not equal one.`,
          'Write it without a sign, leading zeros or decimals, at most 9007199254740991.',
        ),
      );
  });
});

describe('the ID of a key', () => {
  it('is a whole number', () => {
    expect(requireKeyId('42')).toBe(42);
    expect(requireKeyId('999999999999999')).toBe(999_999_999_999_999);
    for (const text of ['0', '042', '4x', 'x4', '', '1'.repeat(16)])
      expect(() => requireKeyId(text)).toThrow(
        usage('The ID of an API key must be a whole number, 1 or more.'),
      );
  });
});

describe('the calls in a log', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'vastai-log-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const IMPORTANT =
    'The audit log records only what Vast.ai considers important: a key may have done more, such as reading.';
  const row = (key: number | undefined, route: string | undefined = 'api.instance.destroy') => ({
    api_key_id: key,
    api_route: route,
  });
  const connect = async () => {
    throw new Error('not asked');
  };
  async function read(content: unknown, key?: string, exists?: boolean) {
    const file = join(folder, 'log.json');
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    return readLoggedCalls({ file, key, ...(exists === undefined ? {} : { exists }) }, connect);
  }

  it('are those of one key, or of all keys', async () => {
    const rows = [row(1), row(2), row(1)];
    expect((await read(rows, '1')).notes).toEqual([IMPORTANT, 'Left out 1 row of other keys.']);
    expect((await read(rows)).notes).toEqual([
      IMPORTANT,
      'The log has calls by 2 keys: 1, 2. Use --key ID to choose one.',
    ]);
    expect((await read([row(1)])).notes).toEqual([IMPORTANT]);
  });

  it('may be empty', async () => {
    expect((await read([], '7')).notes).toEqual([
      IMPORTANT,
      'The log has no calls by key 7. The key may only read, or may not exist.',
    ]);
    expect((await read([], '7', true)).notes).toEqual([
      IMPORTANT,
      'The log has no calls by key 7. The key may only read.',
    ]);
    expect((await read([])).notes).toEqual([IMPORTANT]);
  });

  it('cannot be read from what is not a log', async () => {
    const hint =
      'It must be the JSON that the API returns for the audit log: an array of rows. To ask the API for it, use --key ID instead.';
    for (const content of ['{', '{}', '5', ''])
      await expect(read(content)).rejects.toEqual(
        usage(`${join(folder, 'log.json')} does not contain an audit log.`, hint),
      );
    await expect(read(`[${' '.repeat(10 * 1024 * 1024)}]`)).rejects.toEqual(
      usage(`${join(folder, 'log.json')} is larger than 10 MiB.`),
    );
    await expect(read([], 'x')).rejects.toEqual(
      usage('The ID of an API key must be a whole number, 1 or more.'),
    );
  });
});
