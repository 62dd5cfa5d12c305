import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DOCUMENT, flagsFor } from '../../../test/support/field-flags.js';
import { bodyOf, queryOf, readFields, type TypedField } from './fields.js';

const files: Readonly<Record<string, string>> = { 'note.txt': 'two\nlines\n', 'perms.json': '{"api": {}}\n' };

async function bodyFor(...typed: readonly string[]): Promise<string> {
  return bodyOf(await read(typed));
}

/** Reads flags as they are typed: `-f a=1`. */
function read(typed: readonly string[]) {
  const fields = typed.map((one): TypedField => ({ flag: one.slice(0, 2) as '-f', text: one.slice(3) }));
  return readFields(fields, async (path) => files[path] ?? '');
}

describe('the body of fields', () => {
  it('has a string for -f, and what the value says for -F', async () => {
    expect(await bodyFor('-f a=1', '-f b=true', '-f c=@x', '-f d=')).toBe(
      '{"a":"1","b":"true","c":"@x","d":""}',
    );
    expect(await bodyFor('-F a=1', '-F b=true', '-F c=null', '-F d=-1.50e3', '-F e=word', '-F f=007')).toBe(
      '{"a":1,"b":true,"c":null,"d":-1.50e3,"e":"word","f":"007"}',
    );
  });

  it('keeps all digits of a number', async () => {
    expect(await bodyFor('-F a=9223372036854775807', '-F b:=[18446744073709551615, 1.10]')).toBe(
      '{"a":9223372036854775807,"b":[18446744073709551615, 1.10]}',
    );
  });

  it('has objects and lists with typed values inside', async () => {
    expect(
      await bodyFor('-f a[b][c]=x', '-F a[b][d]=1', '-F l[]=1', '-f l[]=2', '-F l[]=true', '-f e[]'),
    ).toBe('{"a":{"b":{"c":"x","d":1}},"l":[1,"2",true],"e":[]}');
  });

  it('begins a new object of a list where a field would come a second time', async () => {
    expect(await bodyFor('-f p[][n]=a', '-F p[][v]=1', '-f p[][n]=b', '-F p[][t][]=1', '-F p[][t][]=2')).toBe(
      '{"p":[{"n":"a","v":1},{"n":"b","t":[1,2]}]}',
    );
  });

  it('has the content of a file as a string, or as JSON', async () => {
    expect(await bodyFor('-F a=@note.txt', '-F b:=@perms.json')).toBe(
      '{"a":"two\\nlines\\n","b":{"api": {}}\n}',
    );
  });

  it('takes names that mean something to JavaScript', async () => {
    expect(await bodyFor('-F __proto__[x]=1', '-F constructor=2')).toBe(
      '{"__proto__":{"x":1},"constructor":2}',
    );
  });

  it.each([
    ['-f a', 'has no value'],
    ['-f =1', 'is not a valid field name'],
    ['-f a[b=1', 'is not a valid field name'],
    ['-f a]b=1', 'is not a valid field name'],
    ['-f []=1', 'is not a valid field name'],
    ['-f a:=1', '-F'],
    ['-F a:={', 'is not valid JSON'],
    ['-F a:=', 'is not valid JSON'],
    [`-f a${'[b]'.repeat(100)}=1`, 'too deeply'],
  ])('refuses %s', async (typed, message) => {
    await expect(bodyFor(typed)).rejects.toMatchObject({ code: 'usage' });
    await expect(bodyFor(typed)).rejects.toSatisfy((error: Error & { hint?: string }) =>
      `${error.message} ${error.hint}`.includes(message),
    );
  });

  it.each([
    [['-f a=1', '-f a=2']],
    [['-f a=1', '-f a[b]=2']],
    [['-f a[b]=1', '-f a=2']],
    [['-f a[]=1', '-f a[b]=2']],
    [['-f a[b]=1', '-f a[]=2']],
    [['-F a:={}', '-f a[b]=2']],
    [['-f a[b]=1', '-f a[]']],
  ])('refuses the contradiction in %j', async (typed) => {
    await expect(bodyFor(...typed)).rejects.toMatchObject({ code: 'usage' });
  });

  it('does not repeat a value that is not JSON, which can be a secret', async () => {
    await expect(bodyFor('-F a:=hush-hush')).rejects.not.toThrow(/hush/u);
  });

  it('is the JSON that the flags describe, whatever that is', async () => {
    await fc.assert(
      fc.asyncProperty(DOCUMENT, async (document) => {
        const typed = flagsFor(document).map(([flag, text]) => `${flag} ${text}`);
        expect(JSON.parse(await bodyFor(...typed))).toEqual(document);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the query of fields', () => {
  it('has the names and values as they were typed', async () => {
    const fields = await read(['-f a[b]=1 2', '-F q:={"x": 5}', '-F n=9223372036854775807', '-F t=true']);
    expect(queryOf(fields)).toEqual([
      ['a[b]', '1 2'],
      ['q', '{"x": 5}'],
      ['n', '9223372036854775807'],
      ['t', 'true'],
    ]);
  });
});
