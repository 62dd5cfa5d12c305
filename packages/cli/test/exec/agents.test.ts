import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { it } from '@vastai-cli/testing/checkout/cli';
import { describe, expect } from 'vitest';
import { parse } from 'yaml';

const PAGE = read('agents.md');

function read(name: string): string {
  return readFileSync(fileURLToPath(new URL(`../../../../docs/${name}`, import.meta.url)), 'utf8');
}

/** Returns the flags of a policy, as the page shows them. */
function flagsUnder(title: string): string[] {
  const section = PAGE.split(`### ${title}\n`)[1] ?? '';
  const flags = /^vastai exec (?<flags>.*) -- \.\/agent\.sh$/mu.exec(section)?.groups?.flags;
  if (flags === undefined) throw new Error(`docs/agents.md has no command under "${title}".`);
  return flags.split(' ');
}

/** An agent that sends its arguments as requests, and prints the status of each. */
const AGENT = `(async () => {
  for (const line of process.argv.slice(1)) {
    const [method, path] = line.split(' ');
    const headers = { Authorization: 'Bearer ' + process.env.VAST_API_KEY };
    const body = method === 'GET' ? undefined : '{}';
    const { status } = await fetch(process.env.VAST_URL + path, { method, headers, body });
    console.log(status, line);
  }
})()`;

const SEARCH = 'POST /api/v0/bundles/';
const LIST = 'GET /api/v1/instances/';
const SHOW = 'GET /api/v0/instances/42/';
const USER = 'GET /api/v0/users/current/';
const RENT = 'PUT /api/v0/asks/5/';
const REBOOT = 'PUT /api/v0/instances/reboot/42/';
const LOGS = 'PUT /api/v0/instances/request_logs/42/';
const DESTROY = 'DELETE /api/v0/instances/42/';
const REBOOT_OTHER = 'PUT /api/v0/instances/reboot/43/';
const DESTROY_OTHER = 'DELETE /api/v0/instances/43/';
const SECRETS = 'GET /api/v0/secrets/';
const NEW_KEY = 'POST /api/v0/auth/apikeys/';
const DELETE_VOLUME = 'DELETE /api/v0/volumes/?id=7';
const RENT_VOLUME = 'PUT /api/v0/volumes/';
const DELETE_TEMPLATE = 'DELETE /api/v0/template/';
const DELETE_MACHINE = 'POST /api/v0/machines/9/force_delete';

interface Policy {
  readonly title: string;
  readonly requests: readonly string[];
  readonly allowed: readonly string[];
}

const POLICIES: readonly Policy[] = [
  {
    title: 'Read only',
    requests: [SEARCH, LIST, SHOW, USER, RENT, REBOOT, DESTROY, SECRETS, NEW_KEY],
    allowed: [SEARCH, LIST, SHOW, USER],
  },
  {
    title: 'Rent, use and destroy its own instances',
    requests: [
      DESTROY,
      RENT,
      SEARCH,
      SHOW,
      REBOOT,
      LOGS,
      DESTROY,
      REBOOT_OTHER,
      DESTROY_OTHER,
      RENT,
      RENT,
      SECRETS,
      NEW_KEY,
      DELETE_VOLUME,
      RENT_VOLUME,
      DELETE_TEMPLATE,
      DELETE_MACHINE,
    ],
    allowed: [RENT, SEARCH, SHOW, REBOOT, LOGS, DESTROY, RENT],
  },
  {
    title: 'Manage one instance',
    requests: [LIST, SHOW, LOGS, REBOOT, REBOOT_OTHER, DESTROY, RENT, SECRETS, NEW_KEY],
    allowed: [LIST, SHOW, LOGS, REBOOT],
  },
];

describe('a policy of docs/agents.md', () => {
  it.for(POLICIES)('$title', async ({ title, requests, allowed }, { harness }) => {
    await harness.saveKey();
    const body = { success: true, new_contract: 42 };
    harness.sandbox.fault('PUT /api/v0/asks/{id}/', { kind: 'answer', status: 200, body }, 1);
    const words = ['--', process.execPath, '-e', AGENT, ...requests];
    const ran = await harness.vastai(['exec', ...flagsUnder(title), ...words]);
    expect(ran.status).toBe(0);
    expect(harness.asked()).toEqual(allowed);
    const refused = ran.stdout.split('\n').filter((line) => line.startsWith('403 '));
    expect(refused).toHaveLength(requests.length - allowed.length);
    expect(ran.stderr).toContain('Refused ');
  });
});

describe('docs/agents.md', () => {
  it('quotes a refusal as it is printed', async ({ harness }) => {
    await harness.saveKey();
    const quoted = /^Refused [^`]*/mu.exec(PAGE)?.[0] ?? 'no refusal';
    const flags = flagsUnder('Manage one instance');
    const { stderr } = await harness.vastai(['exec', ...flags, '--', process.execPath, '-e', AGENT, DESTROY]);
    expect(stderr.startsWith(quoted)).toBe(true);
  });

  it('links to a skill that says when it is to be used, in the form that agents read', () => {
    const [, folder = '', name = ''] = /\((agents\/(.*?)\/SKILL\.md)\)/u.exec(PAGE) ?? [];
    const [before, matter = '', text = ''] = read(folder).split(/^---\n/mu);
    expect(before).toBe('');
    expect(parse(matter)).toEqual({ name, description: expect.stringContaining('VASTAI_BROKER') });
    expect(text).toContain('# Vast.ai behind a broker');
  });
});
