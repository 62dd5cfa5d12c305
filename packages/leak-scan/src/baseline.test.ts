import { describe, expect, it } from 'vitest';
import { Random } from '../test-support/random.js';
import { type BaselineError, readBaseline, writeBaseline } from './baseline.js';
import { fingerprintOf, newSalt } from './fingerprint.js';
import { scanBytes } from './scanner.js';

const random = new Random(8);
const [KEY, OTHER] = [random.hex(64), random.hex(64)];
const find = (text: string) => scanBytes(Buffer.from(text)).found;
const [key] = find(`VAST_API_KEY=${KEY}`);
if (key === undefined) throw new Error('There is no key to write down.');

describe('a baseline', () => {
  const text = writeBaseline(
    [
      { path: 'b', key },
      { path: 'a', key },
      { path: 'b', key },
    ],
    newSalt(),
  );

  it('knows a key again in its file, on whatever line', () => {
    const baseline = readBaseline(text);
    const [moved] = find(`\n\n  vast_key: "${KEY}"`);
    const [new_] = find(`VAST_API_KEY=${OTHER}`);
    if (moved === undefined || new_ === undefined) throw new Error('A key was not found.');
    expect(baseline.has('b', moved)).toBe(true);
    expect(baseline.has('c', moved)).toBe(false);
    expect(baseline.has('b', new_)).toBe(false);
  });

  it('has one line for each key of each file, in order, and no key', () => {
    expect(JSON.parse(text).findings.map(({ path }: { path: string }) => path)).toEqual(['a', 'b']);
    expect(text.split('\n')).toHaveLength(8);
    for (const part of [KEY.slice(0, 16), KEY.slice(-16)]) expect(text).not.toContain(part);
    expect(scanBytes(Buffer.from(text), { path: 'vast_api_key' }).found).toEqual([]);
  });

  it('gives the same fingerprints to a further run', () => {
    const baseline = readBaseline(text);
    expect(
      writeBaseline(
        [
          { path: 'a', key },
          { path: 'b', key },
        ],
        baseline.salt,
      ),
    ).toBe(text);
    expect(text).toContain(fingerprintOf(KEY, baseline.salt));
  });

  it('can be empty', () => {
    expect(readBaseline(writeBaseline([], newSalt())).has('a', key)).toBe(false);
  });

  it.each([
    ['no JSON', `VAST_API_KEY=${KEY}`],
    ['another version', '{"version":2,"findings":[]}'],
    ['no list', '{"version":1,"findings":{}}'],
    ['null', 'null'],
    ['no object', `{"version":1,"findings":["${KEY}"]}`],
    ['a key for a fingerprint', `{"version":1,"findings":[{"path":"a","fingerprint":"${KEY}"}]}`],
    ['no path', `{"version":1,"findings":[{"path":1,"fingerprint":"${fingerprintOf(KEY, newSalt())}"}]}`],
    [
      'more salts than anybody needs',
      JSON.stringify({
        version: 1,
        findings: Array.from({ length: 17 }, () => ({
          path: 'a',
          fingerprint: fingerprintOf(KEY, newSalt()),
        })),
      }),
    ],
  ])('is not %s, which an error says without repeating it', (_, wrong) => {
    let error: unknown;
    try {
      readBaseline(wrong);
    } catch (thrown) {
      error = thrown;
    }
    expect((error as BaselineError).code).toBe('invalid_baseline');
    expect((error as Error).message).not.toContain(KEY.slice(0, 8));
  });
});

describe('a fingerprint', () => {
  it('has the form that the settings of vastai have', () => {
    expect(fingerprintOf(KEY, newSalt())).toMatch(/^hmac-sha256:[0-9a-f]{32}:[0-9a-f]{64}$/u);
    expect(() => fingerprintOf(KEY, 'short')).toThrow('32 hexadecimal digits');
  });
});
