import { it } from '@vastai-cli/testing/checkout/cli';
import { describe, expect } from 'vitest';

const VALID = '{"api":{"billing_read":{}}}';
const MIB = 1024 * 1024;
/** Matches characters that a terminal obeys, and those that reorder or hide text. */
const STEERS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/u;
const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16();

/** Repeats a member, with its comma, up to the size limit. */
function many(before: string, member: string, after: string): string {
  const times = Math.floor((10 * MIB - before.length - after.length) / member.length);
  return `${before}${member.repeat(times).slice(0, -1)}${after}`;
}

/** Each standard input, with the codes that must be among its findings. */
const INPUTS: readonly (readonly [what: string, input: string | Uint8Array, codes: readonly string[]])[] = [
  ['nothing', '', ['VP002']],
  ['one byte too many', Buffer.alloc(10 * MIB + 1, ' '), ['VP006']],
  ['10 MiB of zeros', Buffer.alloc(10 * MIB), []],
  ['10 MiB of brackets', '['.repeat(10 * MIB), ['VP007']],
  ['objects nested 10,000 deep', '{"api":'.repeat(10_000), ['VP007']],
  ['10 MiB of commas', `{"api":{${','.repeat(10 * MIB - 20)}}}`, ['VP001']],
  ['a key of 9 MiB', `{"api":{"${'x'.repeat(9 * MIB)}":{}}}`, ['VP014']],
  ['100,000 unknown categories', `{"api":{${'"nope":{},'.repeat(100_000)}"misc":{}}}`, ['VP009', 'VP025']],
  ['UTF-16 with a mark', Buffer.from(`\uFEFF${VALID}`, 'utf16le'), ['VP005']],
  ['UTF-16 in the other order', utf16be(VALID), ['VP005']],
  ['bytes that are not UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), ['VP005']],
  [
    '10 MiB of bare values',
    many('{"api":{"instance_read":{"api.instance.show":{"constraints":{', '"id":5,', '}}}}}'),
    ['VP009', 'VP025'],
  ],
  ['10 MiB of endpoints', many('{"api":{"user_write":{', '"api.a.b":{},', '}}}'), ['VP009', 'VP025']],
  ['10 MiB of patterns', many('{"api":{', '"*":{},', '}}'), ['VP009', 'VP025']],
  ['10 MiB of switches', many('{', '"manage_instances":true,', '}'), ['VP009', 'VP025']],
  ['10 MiB of words', many('{', '"instances":"full",', '}'), ['VP009', 'VP025']],
  ['a pattern of 9 MiB', `{"api":{"${'*'.repeat(9 * MIB)}":{}}}`, ['VP209']],
  [
    'a document of 9 MiB in a string',
    JSON.stringify(`{"api":{"misc":{}},"x":"${'y'.repeat(9 * MIB)}"}`),
    ['VP008'],
  ],
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

  it('only a byte order mark, warns', async ({ harness: { vastai } }) => {
    const ran = await vastai(['permissions', 'validate', '-', '--json'], { input: `\uFEFF${VALID}` });
    expect(ran.status).toBe(0);
    expect(ran.json().diagnostics).toMatchObject([{ code: 'VP107' }]);
  });

  it('a device without an end, stops', async ({ harness: { vastai } }) => {
    const ran = await vastai(['permissions', 'validate', '/dev/zero', '--json']);
    expect(ran.status).toBe(10);
    expect(ran.json().diagnostics).toMatchObject([{ code: 'VP006' }]);
  });

  it.for(['pretty', 'compact', 'json', 'sarif', 'github', 'junit'])(
    'terminal sequences in the content and name of a file, prints none of them as %s',
    async (format, { harness: { vastai, home } }) => {
      const name = 'perms\u001b[2J\u009b2J\u202e.json';
      await home.write(name, '{"api":{"\u001b[31mred\u009b\u202e\u0000":{}}}');
      const ran = await vastai(['permissions', 'validate', name, '--format', format]);
      expect(ran.status).toBe(10);
      expect(ran.stdout + ran.stderr).not.toMatch(STEERS);
    },
  );
});

describe.concurrent('other commands that read a permission file', () => {
  it('print no terminal sequence from its name or content', async ({ harness: { vastai, home } }) => {
    const name = 'perms\u001b[2J\u009b2J\u202e.json';
    const endpoint = 'api.\u009b31m\u202e\u0007';
    const document = { $schema: '\u009b31m\u202e', api: { instance_read: { [endpoint]: {} } } };
    const cases = [{ name: `\u001b[2J\u202e`, operation: 'instance.show', expect: 'allow' }];
    await home.write(name, JSON.stringify(document));
    await home.write(`broken-${name}`, `{ // \u009b31m\u202e\n${JSON.stringify(document).slice(1)}`);
    await home.write('cases.json', JSON.stringify({ document: name, cases }));
    for (const words of [
      ['check', name, '--operation', 'instance.show'],
      ['check', name, '--request', 'GET /\u009b31m\u202e'],
      ['explain', name],
      ['diff', name, 'preset:monitoring'],
      ['diff', 'preset:monitoring', name, '--not-granting', 'instance.show'],
      ['fix', `broken-${name}`, '--dry-run'],
      ['fix', `broken-${name}`, '--yes'],
      ['test', 'cases.json'],
      ['init', `new-${name}`],
      ['suggest', '--request', 'GET /\u009b31m\u202e'],
    ]) {
      const ran = await vastai(['permissions', ...words]);
      expect(ran.stdout, words.join(' ')).not.toBe('');
      expect(ran.stdout + ran.stderr, words.join(' ')).not.toMatch(STEERS);
    }
  });

  it('show all errors of a file, however long they are', async ({ harness: { vastai } }) => {
    const input = `{"api":{${'"nope":{},'.repeat(100_000)}"misc":{}}}`;
    const ran = await vastai(['permissions', 'explain', '-', '--json'], { input });
    expect(ran.status).toBe(10);
    expect(ran.json().diagnostics.length).toBeGreaterThan(50_000);
  });

  it.for([
    ['check', '--operation', 'instance.show'],
    ['explain'],
    ['diff', '-'],
    ['test', 'cases.json', '--document'],
  ])('reject one with errors, and show them: %j', async ([command = '', ...rest], { harness }) => {
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
  });
});
