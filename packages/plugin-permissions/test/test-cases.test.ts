import { it } from '@vastai-cli/testing/checkout/cli';
import { describe, expect } from 'vitest';

const DOCUMENT = JSON.stringify({
  api: { instance_write: { 'api.instance.destroy': { constraints: { id: { eq: 5 } } } } },
});
const CASES = `
document: perms.json
cases:
  - name: it destroys its own instance
    command: destroy instance
    parameters: { id: 5 }
    expect: allow
  - request: DELETE /api/v0/instances/6/
    expect: deny
  - operation: instance.create
    expect: deny
`;
const test = (...args: string[]) => ['permissions', 'test', ...args];

describe.concurrent('permissions test', () => {
  it('runs the cases of a YAML file against the document it names', async ({ harness }) => {
    const { vastai, home } = harness;
    await home.write('keys/perms.json', DOCUMENT);
    await home.write('keys/cases.yaml', CASES);
    const ran = await vastai(test('keys/cases.yaml'));
    expect(ran).toMatchObject({ status: 0, stderr: '' });
    expect(ran.stdout).toBe(
      [
        'ok     it destroys its own instance',
        'ok     DELETE /api/v0/instances/6/',
        'ok     instance.create',
        '3 passed, 0 failed.',
        '',
      ].join('\n'),
    );
  });

  it('ends with 10 if a case fails, and says why', async ({ harness: { vastai, home } }) => {
    await home.write('cases.yaml', CASES);
    const ran = await vastai(test('cases.yaml', '--document', 'preset:monitoring', '--json'));
    expect(ran.status).toBe(10);
    expect(ran.json()).toMatchObject({
      file: 'cases.yaml',
      document: 'preset:monitoring',
      passed: 2,
      failed: 1,
      cases: [
        { name: 'it destroys its own instance', expect: 'allow', verdict: 'deny', passed: false },
        {},
        {},
      ],
    });
  });

  it('says which risky operations the document allows and no case mentions', async ({ harness }) => {
    const { vastai, home } = harness;
    await home.write('perms.json', DOCUMENT);
    await home.write('cases.yaml', 'document: perms.json\ncases: [{ operation: user.show, expect: deny }]');
    const text = await vastai(test('cases.yaml'));
    expect(text).toMatchObject({
      status: 0,
      stdout:
        'ok     user.show\nnote   The key can destroy things, and no case mentions instance.destroy.\n1 passed, 0 failed.\n',
    });
    const json = await vastai(test('cases.yaml', '--json'));
    expect(json.json().untested).toEqual([{ capability: 'destroy', can: ['instance.destroy'], may: [] }]);
    const full = await vastai(test('cases.yaml', '--document', 'preset:automation'));
    expect(full.stdout).toMatch(
      /\nnote {3}The key can spend money, and no case mentions .+ and \d+ more\.\n/,
    );
  });

  it('accepts JSON with the document inside', async ({ harness: { vastai, home } }) => {
    const cases = [{ operation: 'instance.show', expect: 'allow' }];
    await home.write('cases.json', JSON.stringify({ document: { api: { instance_read: {} } }, cases }));
    expect((await vastai(test('cases.json'))).status).toBe(0);
  });

  it('reads cases from standard input', async ({ harness: { vastai, home } }) => {
    await home.write('perms.json', DOCUMENT);
    expect((await vastai(test('-'), { input: CASES })).status).toBe(0);
  });

  it.for<[what: string, input: string, message: RegExp]>([
    ['nothing', '', /does not contain valid test cases/],
    ['no document', '[{ operation: instance.show, expect: deny }]', /does not name a document/],
    ['a document that is missing', CASES, /perms\.json: no such file/],
    ['an unknown preset', CASES.replace('perms.json', 'preset:nope'), /Unknown preset "nope"/],
    [
      'an unknown operation',
      CASES.replace('instance.create', 'instance.crate'),
      /does not contain valid test cases/,
    ],
    ['broken YAML', 'cases: [', /cannot be read/],
    ['a key twice', 'cases: []\ncases: []', /cannot be read/],
    [
      'an alias bomb',
      `${Array.from({ length: 30 }, (_, n) => `a${n}: &a${n} [${n > 0 ? `*a${n - 1}, *a${n - 1}` : 1}]`).join('\n')}\ncases: *a29`,
      /cannot be read/,
    ],
    ['a document inside itself', `${CASES.replace('perms.json', '&self { api: *self }')}`, /cannot be read/],
    ['lists nested without end', '['.repeat(100_000), /cannot be read/],
    ['more than 1 MiB', ' '.repeat(1024 * 1024 + 1), /larger than 1 MiB/],
  ])('ends with 2 for %s', async ([_, input, message], { harness: { vastai } }) => {
    const ran = await vastai(test('-', '--json'), { input });
    expect(ran.status).toBe(2);
    expect(ran.json().error).toMatchObject({ code: 'usage', message: expect.stringMatching(message) });
  });
});
