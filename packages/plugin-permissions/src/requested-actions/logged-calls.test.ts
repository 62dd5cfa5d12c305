import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readLoggedCalls } from './logged-calls.js';

const usage = (message: string, hint?: string) =>
  expect.objectContaining({ code: 'usage', message, ...(hint === undefined ? {} : { hint }) });

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
