import { it } from '@vastai-cli/testing/checkout/cli';
import { recordKey } from '@vastai-cli/testing/transcript';
import { describe, expect } from 'vitest';

/** A program that sends the requests in its arguments, and prints the status of each. */
const PROGRAM = `(async () => {
  for (const line of process.argv.slice(1)) {
    const [method, path] = line.split(' ');
    const headers = { Authorization: 'Bearer ' + process.env.VAST_API_KEY };
    const { status } = await fetch(process.env.VAST_URL + path, { method, headers });
    console.log(status, line);
  }
})()`;
const program = (...requests: string[]) => ['--', process.execPath, '-e', PROGRAM, ...requests];

const LIST = 'GET /api/v1/instances/';
const SHOW = 'GET /api/v0/instances/42/';
const DESTROY = 'DELETE /api/v0/instances/42/';
const DESTROY_OTHER = 'DELETE /api/v0/instances/43/';
const SECRETS = 'GET /api/v0/secrets/';
const USER = 'GET /api/v0/users/current/';
const NEW_KEY = 'POST /api/v0/auth/apikeys/';

const statuses = (stdout: string) => stdout.match(/^\d+/gmu)?.join(' ');

describe.concurrent('a recorded run', () => {
  it('gives a document that allows it again, and nothing else, behind a broker and at the API', async ({
    harness,
  }) => {
    const { vastai, saveKey, home, asked, sandbox } = harness;
    await saveKey();

    // vastai exec --broker --record calls.jsonl -- ./program
    const recorded = await vastai([
      'exec',
      '--broker',
      '--record',
      'calls.jsonl',
      ...program(LIST, SHOW, DESTROY, NEW_KEY),
    ]);
    expect(statuses(recorded.stdout)).toBe('200 200 200 403');

    // vastai permissions suggest --from-recording calls.jsonl > p.json
    const suggested = await vastai(['permissions', 'suggest', '--from-recording', 'calls.jsonl']);
    expect(suggested.status).toBe(0);
    expect(suggested.stderr).toContain('Left out 1 call that the run refused: apikey.create.');
    await home.write('p.json', suggested.stdout);
    const check = ['permissions', 'check', 'p.json', '--recording', 'calls.jsonl', '--no-unused'];
    expect(await vastai(check)).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^allow: .* all of 3 /),
    });

    // vastai exec --broker --permission_file p.json -- ./program
    const before = asked().length;
    const again = program(LIST, SHOW, DESTROY, DESTROY_OTHER, NEW_KEY, USER);
    const replayed = await vastai(['exec', '--broker', '--permission_file', 'p.json', ...again]);
    expect(statuses(replayed.stdout)).toBe('200 200 200 403 403 403');
    expect(replayed.stderr).toContain('Refused instance.destroy (id 43).');
    expect(asked().slice(before)).toEqual([LIST, SHOW, DESTROY]);

    // vastai create api-key --name narrow --permission_file p.json
    const created = await vastai(['create', 'api-key', '--name', 'narrow', '--permission_file', 'p.json'], {
      printsKey: true,
    });
    const key = created.stdout.trim();
    await recordKey(key);
    const env = { VAST_API_KEY: key, VAST_URL: sandbox.url };
    const direct = await vastai(['exec', ...again], { env });
    expect(statuses(direct.stdout)).toBe('200 200 200 401 401 401');
  });

  it('is limited further by the command that suggest prints', async ({ harness }) => {
    const { vastai, saveKey, home } = harness;
    await saveKey();
    const record = ['exec', '--broker', '--record', 'calls.jsonl', ...program(USER, LIST, DESTROY)];
    expect((await vastai(record)).status).toBe(0);
    const suggested = await vastai(['permissions', 'suggest', '--from-recording', 'calls.jsonl']);
    await home.write('p.json', suggested.stdout);

    // The document has to grant user_read, and with it the stored secrets. The printed command does not.
    expect(suggested.stderr).toContain('user_read also opens what can');
    const printed = /: vastai (exec --broker .*) -- COMMAND$/mu.exec(suggested.stderr)?.[1]?.split(' ') ?? [];
    const again = program(USER, LIST, DESTROY, SECRETS, SHOW, DESTROY_OTHER);
    const byDocument = await vastai(['exec', '--broker', '--permission_file', 'p.json', ...again]);
    expect(statuses(byDocument.stdout)).toBe('200 200 200 200 200 403');
    const byName = await vastai([...printed, ...again]);
    expect(statuses(byName.stdout)).toBe('200 200 200 403 403 200');
    const byBoth = await vastai([...printed, '--permission_file', 'p.json', ...again]);
    expect(statuses(byBoth.stdout)).toBe('200 200 200 403 403 403');
  });
});
