import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { describe } from 'vitest';

const ASK = `(async () => {
  const [method, path, body] = process.argv.slice(1);
  const headers = { Authorization: 'Bearer ' + process.env.VAST_API_KEY };
  const answer = await fetch(process.env.VAST_URL + path, { method, body, headers });
  console.log(/broker_denied/.test(await answer.text()) ? 'refused' : 'sent');
})()`;
const LIST = 'GET /api/v1/instances/';
const REBOOT = 'PUT /api/v0/instances/reboot/42/ {}';
const DESTROY = 'DELETE /api/v0/instances/42/';
const JOB = `POST /api/v0/commands/schedule_job/ ${JSON.stringify({
  instance_id: 42,
  api_endpoint: '/api/v0/instances/42/',
  request_method: 'DELETE',
  request_body: {},
})}`;
const LOGS = 'POST /get_endpoint_logs/ {}';

/** A permission document of categories. */
type Api = Readonly<Record<string, object>>;
const FILE = 'perms.json';

describe.concurrent('what a refusal advises', () => {
  it.for<[flags: string[], request: string, api?: Api]>([
    [['--only', 'instance.show'], LIST],
    [['--only', 'instance.show', '--only', 'instance.list'], DESTROY],
    [['--only', 'scheduled_job.create'], JOB],
    [['--only', 'user.show'], JOB],
    [['--preset', 'monitoring'], DESTROY],
    [['--allow', 'misc'], DESTROY],
    [['--allow', 'instance_write:api.instance.destroy:id=5'], DESTROY],
    [['--allow', 'instance_write:api.instance.destroy'], 'PUT /api/v0/asks/5/ {}'],
    [['--allow', 'misc', '--only', 'user.show'], DESTROY],
    [['--allow', 'misc', '--only', 'user.show'], JOB],
    [['--permission_file', FILE], DESTROY, { misc: {} }],
    [['--permission_file', FILE], REBOOT, { instance_write: { 'api.instance.destroy': {} } }],
    [
      ['--permission_file', FILE],
      'PUT /api/v0/asks/5/ {}',
      { instance_write: { 'api.instance.destroy': {} } },
    ],
    [
      ['--permission_file', FILE],
      DESTROY,
      { instance_write: { 'api.instance.destroy': { constraints: { id: { eq: 5 } } } } },
    ],
    [['--permission_file', FILE, '--only', 'user.show'], DESTROY, { misc: {} }],
    [['--permission_file', FILE], JOB, { instance_read: {} }],
    [[], 'GET /api/v0/secrets/'],
    [['--own-instances'], 'POST /api/v0/webhooks/ {}'],
  ])('works as printed: %j %s', async ([flags, request, api], { harness, expect }) => {
    const { refusal, stdout } = await run(harness, flags, request, api);
    expect(stdout).toBe('refused\n');
    const [, byFlags = ''] = /^To allow it: (--[^,\n]+)/mu.exec(refusal) ?? [];
    const replaced = [...(/in "api", replace (.*) with:$/mu.exec(refusal)?.[1] ?? '').matchAll(/"(\w+)"/gu)];
    const isAdded = /(?:add to "api"| with):$/mu.test(refusal);
    const [, lines = ''] = isAdded ? (/:\n(".*)$/su.exec(refusal) ?? []) : [];
    const kept = Object.entries(api ?? {}).filter(([name]) => !replaced.some(([, one]) => one === name));
    const merged = `{${[...kept.map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`), lines].filter((part) => part !== '').join(', ')}}`;
    const advised = byFlags.split(' ').filter((word) => word !== '');
    expect(advised.length > 0 || isAdded).toBe(true);
    const again = await run(harness, [...flags, ...advised], request, JSON.parse(merged));
    expect(again).toEqual({ refusal: '', stdout: 'sent\n' });
  });

  it('is nothing where nothing would allow it', async ({ harness, expect }) => {
    const cases: [flags: string[], request: string][] = [
      [[], 'GET /api/v0/none/'],
      [['--allow', 'misc'], 'GET /api/v0/none/'],
      [['--allow', 'misc'], LOGS],
      [['--only', 'user.show', '--own-instances'], DESTROY],
      [['--only', 'user.show', '--max-creates', '0'], 'PUT /api/v0/asks/5/ {}'],
      [['--allow-sensitive'], JOB.replace('DELETE', 'PATCH')],
      [['--only', 'scheduled_job.create'], JOB.replace('DELETE', 'PATCH')],
      [['--allow', 'instance_write'], JOB.replace('DELETE', 'PATCH')],
    ];
    for (const [flags, request] of cases) {
      const { stdout, refusal } = await run(harness, flags, request);
      expect({ flags, request, stdout }).toEqual({ flags, request, stdout: 'refused\n' });
      expect(refusal).not.toMatch(/To allow it|--only|--allow/u);
    }
  });

  it('can be an operation of the serverless API', async ({ harness, expect }) => {
    const { refusal } = await run(harness, ['--only', 'user.show'], LOGS);
    expect(refusal).toContain('--only serverless.endpoint_logs');
    // The sandbox has no such routes, and a broker sends them to Vast.ai alone.
    const again = await run(harness, ['--only', 'serverless.endpoint_logs'], LOGS);
    expect(again.refusal).toContain('The API of this run has no serverless routes.');
  });
});

/** Sends a request behind a broker, and returns what standard error says about it. */
async function run({ vastai, saveKey, home }: Harness, flags: string[], request: string, api?: Api) {
  await saveKey();
  if (api !== undefined) await home.write(FILE, JSON.stringify({ api }));
  const { status, stdout, stderr } = await vastai([
    'exec',
    '--broker',
    ...flags,
    '--',
    process.execPath,
    '-e',
    ASK,
    ...request.split(' '),
  ]);
  if (status !== 0) throw new Error(stderr);
  const [, refusal = ''] = /(Refused .*)/su.exec(stderr) ?? [];
  return { stdout, refusal: refusal.trimEnd() };
}
