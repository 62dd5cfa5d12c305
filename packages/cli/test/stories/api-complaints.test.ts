import { it } from '@vastai-cli/testing/checkout/cli';
import { describe } from 'vitest';
import { shellOf } from '../support/shell.js';

const json = { 'content-type': 'application/json' };

/** Tests what users of commands like this one have asked for. */
describe.runIf(process.platform !== 'win32').concurrent('a script with vastai api', () => {
  it('finds no error in a variable that is to hold a result', async ({ harness, expect }) => {
    const { sandbox } = harness;
    const shell = await shellOf(harness);
    sandbox.fault('GET /api/v0/users/current/', {
      kind: 'answer',
      status: 400,
      body: { success: false, error: 'invalid_args', msg: 'Not today.' },
    });
    const { output } = await shell(
      'user=$(vastai api users/current 2>error.txt) || echo "status $?"; echo "[$user]"; cat error.txt',
      { env: { VAST_API_KEY: sandbox.key } },
    );
    expect(output).toContain('status 1\n[]\n');
    expect(output).toContain('"error":"invalid_args"');
  });

  it('gets one document for all pages', async ({ harness, expect }) => {
    const { sandbox, vastai, asked } = harness;
    const LIST = 'GET /api/v1/instances/';
    const pages = [
      '{"instances": [{"id": 9223372036854775807}], "total": 2, "next_token": "t1"}',
      '{"instances": [{"id": 2}], "total": 2, "next_token": null}',
    ];
    for (const body of [...pages, ...pages])
      sandbox.fault(LIST, { kind: 'answer', status: 200, body, headers: json });
    const env = { VAST_API_KEY: sandbox.key };
    const whole = await vastai(['api', '/api/v1/instances/', '--paginate'], { env });
    expect(whole).toMatchObject({ status: 0, stderr: '' });
    expect(whole.json()).toEqual({ instances: [expect.anything(), { id: 2 }], total: 2 });
    expect(whole.stdout).toContain('9223372036854775807');
    // The filter sees all pages at once.
    const counted = await vastai(
      ['api', '/api/v1/instances/', '--paginate', '--jq', '.instances | length, .[0].id'],
      { env },
    );
    expect(counted.stdout).toBe('2\n9223372036854775807\n');
    expect(asked()[1]).toBe(`${LIST}?after_token=t1`);
  });

  it('sends typed values inside lists', async ({ harness, expect }) => {
    const { sandbox, vastai } = harness;
    const fields = [
      '-F',
      'ids[]=1',
      '-F',
      'ids[]=2',
      '-F',
      'on[]=true',
      '-f',
      'env[][name]=A',
      '-F',
      'env[][n]=1',
    ];
    await vastai(['api', 'bundles', ...fields], { env: { VAST_API_KEY: sandbox.key } });
    expect(sandbox.requests[0]?.bodyText).toBe('{"ids":[1,2],"on":[true],"env":[{"name":"A","n":1}]}');
  });

  it('keeps integers of 64 bits, out and back', async ({ harness, expect }) => {
    const { sandbox, vastai } = harness;
    const body = '{"machine_id":18446744073709551615,"id":9007199254740993}';
    sandbox.fault('POST /api/v0/bundles/', { kind: 'answer', status: 200, body, headers: json });
    const ran = await vastai(
      ['api', 'bundles', '-F', 'id=9007199254740993', '-F', 'm:=18446744073709551615'],
      { env: { VAST_API_KEY: sandbox.key } },
    );
    expect(ran.stdout).toBe(body);
    expect(sandbox.requests[0]?.bodyText).toBe('{"id":9007199254740993,"m":18446744073709551615}');
  });
});
