import { it } from '@vastai-cli/testing/checkout/cli';
import { describe, expect } from 'vitest';

const SOUND = '{"api":{"billing_read":{}}}';
const MIB = 1024 * 1024;
const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16();

/** What comes on standard input, and the codes that have to be among the findings. */
const INPUTS: readonly (readonly [what: string, input: string | Uint8Array, codes: readonly string[]])[] = [
  ['nothing', '', ['VP002']],
  ['one byte too many', Buffer.alloc(10 * MIB + 1, ' '), ['VP006']],
  ['10 MiB of zeros', Buffer.alloc(10 * MIB), []],
  ['10 MiB of brackets', '['.repeat(10 * MIB), ['VP007']],
  ['objects nested 10,000 deep', '{"api":'.repeat(10_000), ['VP007']],
  ['10 MiB of commas', `{"api":{${','.repeat(10 * MIB - 20)}}}`, ['VP001']],
  ['a key of 9 MiB', `{"api":{"${'x'.repeat(9 * MIB)}":{}}}`, ['VP014']],
  ['100,000 unknown categories', `{"api":{${'"nope":{},'.repeat(100_000)}"misc":{}}}`, ['VP009', 'VP025']],
  ['UTF-16 with a mark', Buffer.from(`\uFEFF${SOUND}`, 'utf16le'), ['VP005']],
  ['UTF-16 in the other order', utf16be(SOUND), ['VP005']],
  ['bytes that are no UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), ['VP005']],
  ['half a surrogate pair', '{"api":{"\\ud800":{}}}', ['VP024']],
  [
    'names of every object',
    '{"__proto__":{"api":{}},"api":{"constructor":{},"__proto__":{}}}',
    ['VP011', 'VP014'],
  ],
  ['CRLF and a comment', '{\r\n// no\r\n"api":{"misk":{}}}\r\n', ['VP003', 'VP014']],
  ['sequences for a terminal', '{"api":{"\u001b[31mred\u202e":{}}}', ['VP014']],
];

describe.concurrent('permissions validate, given', () => {
  it.for(INPUTS)('%s, has findings and no fault', async ([_, input, codes], { harness: { vastai } }) => {
    const ran = await vastai(['permissions', 'validate', '-', '--json'], { input });
    expect(ran.status).toBe(10);
    expect(ran.json().error).toBeUndefined();
    const found = new Set(ran.json().diagnostics.map(({ code }: { code: string }) => code));
    expect([...found]).toEqual(expect.arrayContaining([...codes]));
    expect(found.size).toBeGreaterThan(0);
  });

  it('a byte order mark alone, warns', async ({ harness: { vastai } }) => {
    const ran = await vastai(['permissions', 'validate', '-', '--json'], { input: `\uFEFF${SOUND}` });
    expect(ran.status).toBe(0);
    expect(ran.json().diagnostics).toMatchObject([{ code: 'VP107' }]);
  });

  it('a device without an end, stops', async ({ harness: { vastai } }) => {
    const ran = await vastai(['permissions', 'validate', '/dev/zero', '--json']);
    expect(ran.status).toBe(10);
    expect(ran.json().diagnostics).toMatchObject([{ code: 'VP006' }]);
  });

  it.for(['pretty', 'github'])(
    'sequences for a terminal, in the text and in the name of the file, prints none in %s',
    async (format, { harness: { vastai, home } }) => {
      const name = 'perms\u001b[2J\u202e.json';
      await home.write(name, '{"api":{"\u001b[31mred\u202e":{}}}');
      const ran = await vastai(['permissions', 'validate', name, '--format', format]);
      expect(ran.status).toBe(10);
      expect(ran.stdout + ran.stderr).not.toMatch(/[\u001b\u202e]/u);
    },
  );
});

describe.concurrent('what else reads a permission file', () => {
  it.for([
    ['check', '--operation', 'instance.show'],
    ['explain'],
    ['diff', '-'],
    ['test', 'cases.json', '--document'],
  ])(
    'refuses one with errors as findings, and shows them: %j',
    async ([command = '', ...rest], { harness }) => {
      const { vastai, home } = harness;
      await home.write('cases.json', '[{"operation":"instance.show","expect":"deny"}]');
      const args = ['check', 'explain'].includes(command) ? ['-', ...rest] : [...rest, '-'];
      const ran = await vastai(['permissions', command, ...args, '--json'], {
        input: '{"api":'.repeat(10_000),
      });
      expect(ran.status).toBe(10);
      expect(ran.json()).toMatchObject({
        error: { code: 'findings', message: expect.stringContaining('<stdin> has') },
        diagnostics: expect.arrayContaining([expect.objectContaining({ code: 'VP007' })]),
      });
    },
  );
});
