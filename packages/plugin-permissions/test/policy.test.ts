import { it } from '@vastai-cli/testing/checkout/cli';
import { describe, expect } from 'vitest';

const NAME = '.vastai-permissions.json';
/** VP205 and VP206. */
const RENTS = '{"api":{"misc":{}}}';
/** VP202, VP204, VP206 and VP207. */
const READS = '{"api":{"user_read":{}}}';
const validate = (...args: string[]) => ['permissions', 'validate', ...args];
const codesIn = (json: { diagnostics: { code: string }[] }) => json.diagnostics.map(({ code }) => code);

describe.concurrent('permissions validate --fail-on', () => {
  it.for<[document: string, gates: string[], status: number]>([
    [RENTS, ['spend-money'], 10],
    [RENTS, ['mint-keys,read-secrets'], 0],
    [RENTS, ['mint-keys,spend-money'], 10],
    [RENTS, ['mint-keys', 'destroy'], 10],
    ['{"api":{"user_write":{"api.sshkeys.create":{}}}}', ['mint-keys'], 10],
    ['{"api":{"user_write":{}}}', ['change-access'], 10],
    ['{"api":{"instance_read":{},"billing_read":{}}}', ['mint-keys', 'spend-money,destroy'], 0],
  ])('%s with %j ends with %i', async ([document, gates, status], { harness: { vastai, home } }) => {
    await home.write('perms.json', document);
    const ran = await vastai(validate('perms.json', ...gates.flatMap((gate) => ['--fail-on', gate])));
    expect(ran.status).toBe(status);
    expect(ran.stderr.match(/Gate failed:/gu)?.length ?? 0).toBe(status === 0 ? 0 : 1);
  });

  it('names in one line what the key could do, and lists all of it as JSON', async ({ harness }) => {
    const { vastai, home } = harness;
    await home.write('perms.json', READS);
    const ran = await vastai(validate('perms.json', '--fail-on', 'read-secrets', '--format', 'compact'));
    expect(ran.stderr).toMatch(
      /^Gate failed: perms\.json lets a key read secrets \(read-secrets\): .+\.\n$/u,
    );
    const { violations } = (
      await vastai(validate('perms.json', '--fail-on', 'read-secrets', '--json'))
    ).json();
    expect(violations).toMatchObject([{ gate: 'read-secrets', file: 'perms.json', certain: true }]);
    expect(violations[0].operations).toContain('user.show');
  });

  it.for([
    ['sarif', /"ruleId": "fail-on\/destroy"/],
    ['junit', /failures="1"[\s\S]*name="Gate destroy" time="0"><failure type="gate"/],
    ['github', /^::error file=perms\.json,line=1,title=Gate destroy::The document lets a key destroy/m],
  ] as const)('shows in %s why it failed', async ([format, expected], { harness: { vastai, home } }) => {
    await home.write('perms.json', RENTS);
    const ran = await vastai(validate('perms.json', '--fail-on', 'destroy', '--format', format));
    expect(ran.status).toBe(10);
    expect(ran.stdout).toMatch(expected);
  });

  it('fails for a file with errors even if those are hidden', async ({ harness: { vastai, home } }) => {
    await home.write('perms.json', '{"api":{"*":{}}}');
    const args = ['--ignore', 'VP014', '--fail-on', 'destroy'];
    const ran = await vastai(validate('perms.json', ...args));
    expect(ran.status).toBe(10);
    expect(ran.stderr).toContain('perms.json has errors, so a key could destroy things (destroy).');
  });
});

describe.concurrent('a policy', () => {
  it('sets levels and gates, and allows findings for a reason', async ({ harness: { vastai, home } }) => {
    await home.write(
      NAME,
      JSON.stringify({
        failLevel: 'security',
        failOn: ['mint-keys'],
        levels: { VP207: 'off' },
        allow: [
          { finding: 'VP205', files: ['keys/*.json'], reason: 'CI rents', expires: '9999-12-31' },
          { finding: 'VP206', path: '$.api.misc', reason: 'endpoints are cheap' },
        ],
      }),
    );
    await home.write('keys/ci.json', RENTS);
    await home.write('reads.json', READS);
    const allowed = await vastai(validate('keys/ci.json'));
    expect(allowed).toMatchObject({
      status: 0,
      stdout: 'No findings in 1 file.\n',
      stderr: `2 findings are allowed by ${NAME}.\n`,
    });
    const both = await vastai(validate('keys/ci.json', 'reads.json', '--json'));
    expect(both.status).toBe(10);
    expect(codesIn(both.json())).toEqual(['VP202', 'VP204', 'VP206']);
    expect(both.json().allowed).toMatchObject([
      { finding: 'VP205', file: 'keys/ci.json', reason: 'CI rents', policy: NAME },
      { finding: 'VP206', file: 'keys/ci.json', path: '$.api.misc' },
    ]);
  });

  it('makes a warning an error, for the files of an override only', async ({ harness: { vastai, home } }) => {
    const document = '{"api":{"billing_read":{"api.billing.one":{}}}}';
    const overrides = [{ files: ['strict/**'], levels: { VP101: 'error' }, failOn: ['spend-money'] }];
    await home.write(NAME, JSON.stringify({ overrides }));
    await home.write('strict/a/perms.json', document);
    await home.write('perms.json', document);
    const strict = await vastai(validate('strict/a/perms.json', '--json'));
    expect(strict.status).toBe(10);
    expect(strict.json().diagnostics).toMatchObject([{ code: 'VP101', severity: 'error' }]);
    expect((await vastai(validate('perms.json'))).status).toBe(0);
  });

  it('allows what a gate forbids, if it names the gate', async ({ harness: { vastai, home } }) => {
    await home.write(
      NAME,
      JSON.stringify({ failOn: ['spend-money'], allow: [{ finding: 'spend-money', reason: 'it rents' }] }),
    );
    await home.write('perms.json', RENTS);
    expect((await vastai(validate('perms.json'))).status).toBe(0);
  });

  it('reports an allowance that expired, which allows nothing', async ({ harness: { vastai, home } }) => {
    await home.write(
      NAME,
      '{\n  "failLevel": "security",\n  "allow": [\n    { "finding": "VP205", "reason": "r", "expires": "2020-02-29" }\n  ]\n}',
    );
    await home.write('perms.json', '{"api":{"billing_write":{}}}');
    const ran = await vastai(validate('perms.json'));
    expect(ran.status).toBe(10);
    expect(ran.stderr).toBe(`Warning: ${NAME}:4: the allowance for VP205 expired on 2020-02-29.\n`);
    const { expired } = (await vastai(validate('perms.json', '--json'))).json();
    expect(expired).toEqual([{ policy: NAME, line: 4, finding: 'VP205', expires: '2020-02-29' }]);
  });

  it('is the closest one, and none from above the repository', async ({ harness: { vastai, home } }) => {
    const fails = JSON.stringify({ failLevel: 'warning' });
    const unread = 'not a policy';
    const document = '{"api":{"instance_read":{}}}';
    await home.write(`outer/${NAME}`, unread);
    await home.write('outer/repository/.git/HEAD', '');
    await home.write('outer/repository/perms.json', document);
    expect((await vastai(validate('outer/repository/perms.json'))).status).toBe(0);
    await home.write(`outer/repository/${NAME}`, fails);
    await home.write('outer/repository/keys/perms.json', document);
    expect((await vastai(validate('outer/repository/keys/perms.json'))).status).toBe(10);
    await home.write(`outer/repository/keys/${NAME}`, '{}');
    expect((await vastai(validate('outer/repository/keys/perms.json'))).status).toBe(0);
  });

  it('outside a repository, is not looked for above the working folder', async ({ harness }) => {
    const { vastai, home } = harness;
    await home.write('perms.json', RENTS);
    await home.write('inner/deep/perms.json', RENTS);
    await home.write(NAME, 'not a policy');
    expect((await vastai(validate('inner/deep/perms.json'))).status).toBe(2);
    await home.write('inner/here', '');
    const ran = await vastai(validate('deep/perms.json'), { cwd: home.at('inner') });
    expect(ran.status).toBe(0);
  });

  it('can be named, and the flags count too', async ({ harness: { vastai, home } }) => {
    await home.write(NAME, 'not a policy');
    await home.write('other/policy.json', JSON.stringify({ failLevel: 'warning', failOn: ['mint-keys'] }));
    await home.write('perms.json', RENTS);
    const named = ['--config', 'other/policy.json'];
    expect((await vastai(validate('perms.json', ...named))).status).toBe(10);
    expect((await vastai(validate('perms.json', ...named, '--fail-level', 'error'))).status).toBe(0);
    const gated = await vastai(
      validate('perms.json', ...named, '--fail-level', 'error', '--fail-on', 'destroy'),
    );
    expect(gated.status).toBe(10);
  });

  it.for<[what: string, content: string, messages: string[]]>([
    ['JSON with an error', '{\n  "levels": {},\n}', ['2:15: JSON does not allow a comma']],
    ['nothing', '', ['1:1: The file is empty']],
    ['a list', '[]', ['1:1: Write an object.']],
    ['an unknown key', '{\n  "levls": {}\n}', ['2:3: Unknown key "levls". Did you mean "levels"?']],
    [
      'an unknown key of an allowance',
      '{"allow":[{"finding":"VP205","reason":"r","file":"x"}]}',
      ['Unknown key "file"'],
    ],
    ['a name of every object', '{"constructor":{}}', ['1:2: Unknown key "constructor".']],
    ['a prototype', '{"levels":{"__proto__":"off"}}', ['1:12: Unknown key "__proto__".']],
    ['a key twice', '{"levels":{},"levels":{}}', ['1:14: Duplicate key "levels".']],
    ['an unknown code', '{"levels":{"VP999":"off"}}', ['1:12: "VP999": Unknown code.']],
    ['a lower level for an error', '{"levels":{"VP014":"off"}}', ['1:12: "VP014": It is an error']],
    ['an unknown level', '{"levels":{"VP101":"low"}}', ['1:20: "VP101": The levels are off, warning']],
    ['levels in a list', '{"levels":["VP101"]}', ['1:11: "levels": Write an object.']],
    ['an unknown gate', '{"failOn":["destroy","fly"]}', ['1:22: The gates are mint-keys']],
    ['no reason', '{"allow":[\n{"finding":"VP205"}]}', ['2:1: Missing key "reason".']],
    ['an empty reason', '{"allow":[{"finding":"VP205","reason":" "}]}', ['"reason": Say why']],
    [
      'a day that does not exist',
      '{"allow":[{"finding":"VP205","reason":"r","expires":"2027-02-29"}]}',
      ['Write a date'],
    ],
    ['no globs', '{"overrides":[{"files":[]}]}', ['Write at least one glob']],
    ['an override without files', '{"overrides":[{"levels":{}}]}', ['Missing key "files".']],
    ['what is no override', '{"overrides":[5]}', ['1:15: Write an object.']],
    [
      'a number for everything',
      '{"levels":5,"failLevel":5,"failOn":5,"allow":5}',
      ['1:11:', '1:25:', '1:36:', '1:46:'],
    ],
    ['sequences for a terminal', '{"\\u001b[2J\\u202e":{}}', ['Unknown key "\\u001b[2J\\u202e"']],
    ['10,000 levels', '['.repeat(10_000), ['nested more than 100 levels deep']],
    ['2 MiB', ' '.repeat(2 * 1024 * 1024), ['larger than 1 MiB']],
  ])('with %s, ends with 2 and says where', async ([_, content, messages], { harness: { vastai, home } }) => {
    await home.write(NAME, content);
    await home.write('perms.json', RENTS);
    const ran = await vastai(validate('perms.json'));
    expect(ran).toMatchObject({ status: 2, stdout: '' });
    for (const message of messages) expect(ran.stderr).toContain(message);
    expect(ran.stderr).toContain(NAME);
    expect(ran.stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/u);
  });

  it('that is a folder or a dead link, ends with 2', async ({ harness: { vastai, home } }) => {
    await home.write('perms.json', RENTS);
    await home.write(`${NAME}/x`, '');
    expect((await vastai(validate('perms.json'))).status).toBe(2);
    expect((await vastai(validate('perms.json', '--config', 'nowhere.json'))).status).toBe(2);
  });
});
