import { it } from '@vastai-cli/testing/checkout/cli';
import { describe, expect } from 'vitest';

const VALID = '{"api":{"billing_read":{}}}';
const WRONG = '{\n  "api": {\n    "instance_reed": {}\n  }\n}\n';
/** One security finding (VP205), two warnings (VP101), no error. */
const RISKY = '{"api":{"billing_write":{},"billing_read":{"api.billing.one":{},"api.billing.two":{}}}}';
const validate = (...args: string[]) => ['permissions', 'validate', ...args];

describe.concurrent('permissions validate', () => {
  it('says that a valid file has no findings', async ({ harness: { vastai, home, asked } }) => {
    await home.write('perms.json', VALID);
    const ran = await vastai(validate('perms.json'));
    expect(ran).toMatchObject({ status: 0, stdout: 'No findings in 1 file.\n', stderr: '' });
    expect(asked()).toEqual([]);
  });

  it('shows a finding with its line and a caret', async ({ harness: { vastai, home } }) => {
    await home.write('perms.json', WRONG);
    const ran = await vastai(validate('perms.json'));
    expect(ran.status).toBe(10);
    expect(ran.stdout).toBe(
      [
        'perms.json:3:5 error VP014 Unknown category "instance_reed".',
        '3 |     "instance_reed": {}',
        '  |     ^^^^^^^^^^^^^^^',
        'help: Did you mean "instance_read"?',
        '',
        '1 error, 0 security findings, 0 warnings in 1 file.',
        '',
      ].join('\n'),
    );
  });

  it('prints the report as JSON, with each file once and in order', async ({ harness }) => {
    const { vastai, home } = harness;
    await home.write('b.json', WRONG);
    await home.write('a.json', VALID);
    const ran = await vastai(validate('b.json', 'a.json', 'b.json', '--json'));
    expect(ran.status).toBe(10);
    expect(ran.stderr).toBe('');
    expect(ran.json()).toEqual({
      files: ['b.json', 'a.json'],
      diagnostics: [
        {
          code: 'VP014',
          severity: 'error',
          file: 'b.json',
          line: 3,
          column: 5,
          endLine: 3,
          endColumn: 20,
          path: '$.api.instance_reed',
          message: 'Unknown category "instance_reed".',
          help: 'Did you mean "instance_read"?',
        },
      ],
      violations: [],
      allowed: [],
      expired: [],
    });
  });

  it('reads standard input for -', async ({ harness: { vastai } }) => {
    const ran = await vastai(validate('-', '--format', 'json'), { input: WRONG });
    expect(ran.status).toBe(10);
    expect(ran.json()).toMatchObject({ files: ['<stdin>'], diagnostics: [{ file: '<stdin>', line: 3 }] });
  });

  it.for([
    ['compact', /^perms\.json:3:5: error VP014 Unknown category "instance_reed"\.\n$/],
    ['github', /^::error file=perms\.json,line=3,endLine=3,col=5,endColumn=20,title=VP014 error::/],
    ['sarif', /"version": "2\.1\.0"[\s\S]*"version": "\d+\.\d+\.\d+[\s\S]*"ruleId": "VP014"/],
    ['junit', /^<\?xml[\s\S]*tests="1" failures="1"[\s\S]*<failure type="error"/],
  ] as const)('supports the format %s', async ([format, expected], { harness: { vastai, home } }) => {
    await home.write('perms.json', WRONG);
    const ran = await vastai(validate('perms.json', '--format', format));
    expect(ran.status).toBe(10);
    expect(ran.stdout).toMatch(expected);
  });

  it.for<[args: string[], status: number]>([
    [[], 0],
    [['--fail-level', 'security'], 10],
    [['--fail-level', 'security', '--ignore', 'vp205'], 0],
    [['--fail-level', 'warning', '--ignore', 'VP205', '--ignore', 'VP101'], 0],
    [['--max-warnings', '2'], 0],
    [['--max-warnings', '1'], 10],
  ])('with %j, one security finding and two warnings, ends with %i', async ([args, status], { harness }) => {
    await harness.home.write('perms.json', RISKY);
    expect((await harness.vastai(validate('perms.json', ...args))).status).toBe(status);
  });

  it('reports warnings as JUnit failures if they exceed the limit', async ({ harness: { vastai, home } }) => {
    await home.write('perms.json', RISKY);
    const ran = await vastai(validate('perms.json', '--format', 'junit', '--max-warnings', '0'));
    expect(ran.stdout).toContain('failures="2"');
  });

  it('accepts only the findings in a baseline that it wrote', async ({ harness }) => {
    const { vastai, home } = harness;
    await home.write('perms.json', WRONG);
    const made = await vastai(validate('perms.json', '--write-baseline', 'known.json'));
    expect(made).toMatchObject({ status: 0, stdout: 'No findings in 1 file.\n' });
    await home.write('perms.json', WRONG.replace('{\n  "api"', '{\n\n\n  "api"'));
    expect((await vastai(validate('perms.json', '--baseline', 'known.json'))).status).toBe(0);
    await home.write('perms.json', WRONG.replace('reed": {}', 'reed": {}, "misk": {}'));
    const ran = await vastai(validate('perms.json', '--baseline', 'known.json', '--json'));
    expect(ran.status).toBe(10);
    expect(ran.json().diagnostics).toMatchObject([{ path: '$.api.misk' }]);
  });

  it.for<[what: string, args: string[]]>([
    ['no file', []],
    ['a missing file', ['nowhere.json']],
    ['a folder', ['folder']],
    ['a missing baseline', ['perms.json', '--baseline', 'nowhere.json']],
    ['a file that is not a baseline', ['perms.json', '--baseline', 'perms.json']],
    ['a baseline that cannot be written', ['perms.json', '--write-baseline', 'nowhere/known.json']],
    ['a baseline in the place of the file itself', ['perms.json', '--write-baseline', 'perms.json']],
    ['both kinds of baseline', ['perms.json', '--baseline', 'a', '--write-baseline', 'b']],
    ['an unknown format', ['perms.json', '--format', 'yaml']],
    ['a name of every object as a code', ['perms.json', '--ignore', 'constructor']],
    ['a negative number of warnings', ['perms.json', '--max-warnings', '-1']],
    ['another format with --json', ['perms.json', '--format', 'sarif']],
  ])('ends with 2 for %s', async ([_, args], { harness: { vastai, home } }) => {
    await home.write('folder/file', '');
    await home.write('perms.json', VALID);
    const ran = await vastai(validate(...args, '--json'));
    expect(ran.status).toBe(2);
    expect(ran.json()).toEqual({ error: expect.objectContaining({ code: 'usage' }) });
    expect(ran.stderr).toBe('');
    expect(await home.read('perms.json')).toBe(VALID);
  });
});
