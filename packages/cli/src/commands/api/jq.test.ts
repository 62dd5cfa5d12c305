import { describe, expect, it } from 'vitest';
import { LONGEST_DOCUMENT, loadFilter } from './jq.js';

describe('a jq expression', () => {
  it.each([
    ['.', '{"a": 9223372036854775807, "b": 1.10}', '{"a":9223372036854775807,"b":1.10}\n'],
    ['.a', '{"a": 18446744073709551615}', '18446744073709551615\n'],
    ['.[]', '["x", "a\\nb\\n", "", 1, null, {"k": "v"}]', 'x\na\nb\n\n\n1\nnull\n{"k":"v"}\n'],
    ['empty', '1', ''],
    ['map(select(.id > 1) | .name) | @csv', '[{"id":1,"name":"a"},{"id":2,"name":"b"}]', '"b"\n'],
    ['group_by(.k) | map(length)', '[{"k":1},{"k":2},{"k":1}]', '[2,1]\n'],
    ['def f(x): x + 1; [limit(3; range(10))] | map(f(.))', 'null', '[1,2,3]\n'],
    ['.[0] | ascii_upcase | test("^É"; "i")', '["éa"]', 'true\n'],
    ['.', '"-n"', '-n\n'],
  ])('%s reads %s', async (expression, document, expected) => {
    expect((await loadFilter(expression))(document)).toBe(expected);
  });

  it('sees no variables of this process and no files', async () => {
    process.env.VASTAI_PROFILE_OF_TEST = 'seen';
    expect((await loadFilter('env | has("VASTAI_PROFILE_OF_TEST"), $ENV.HOME'))('1')).toBe(
      'false\n/home/web_user\n',
    );
    await expect(loadFilter('import "/etc/passwd" as $x; 1')).rejects.toMatchObject({ code: 'usage' });
    delete process.env.VASTAI_PROFILE_OF_TEST;
  });

  it.each(['.[', 'foo(', 'nosuch', ''.padEnd(3, '|')])(
    'is refused before a request: %s',
    async (expression) => {
      await expect(loadFilter(expression)).rejects.toMatchObject({ code: 'usage' });
    },
  );

  it('says what is wrong with an expression, on one line and without the expression', async () => {
    await expect(loadFilter('.a b')).rejects.toThrow(
      /^--jq: syntax error, unexpected IDENT, expecting end of file at <top-level>, line 1, column 4$/u,
    );
    await expect(loadFilter('nosuch')).rejects.toThrow(/^--jq: nosuch\/0 is not defined at .*column 1$/u);
  });

  it('fails for a document that it does not fit', async () => {
    const filter = await loadFilter('.a');
    expect(() => filter('[1]')).toThrow(/^--jq: Cannot index array with/u);
    expect(() => filter('no JSON')).toThrow('--jq:');
  });

  it('does not begin with a flag', async () => {
    expect((await loadFilter('-1'))('1')).toBe('-1\n');
    await expect(loadFilter('--help')).rejects.toMatchObject({ code: 'usage' });
  });

  it('is refused if it takes too much memory, before a request if it has no input', async () => {
    await expect(loadFilter('"x" * 1e9 | length')).rejects.toThrow('too large for jq');
    const filter = await loadFilter('def f: 1 + f; f');
    expect(() => filter('1')).toThrow('--jq: The expression or its results are too large for jq.');
  });

  it('makes one array of all results if asked', async () => {
    for (const [expression, expected] of [
      ['.[]', '["a\\n",1,[2]]\n'],
      ['empty', '[]\n'],
    ] as const)
      expect((await loadFilter(expression, true))('["a\\n",1,[2]]')).toBe(expected);
  });

  it('fails for a document that is too large for it', async () => {
    const filter = await loadFilter('.');
    expect(() => filter(`"${'x'.repeat(LONGEST_DOCUMENT)}"`)).toThrow('too large for jq');
  });
});
