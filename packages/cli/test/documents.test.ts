import { readFileSync } from 'node:fs';
import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { totpCode } from '@vastai-cli/testing/totp-code';
import { describe, expect } from 'vitest';

// What each of these prints is held against its schema by the harness, as in every other test.

interface Contract {
  readonly [command: string]: { readonly document?: string | null };
}

const COMMANDS: Contract = JSON.parse(
  readFileSync(new URL('../contract/commands.json', import.meta.url), 'utf8'),
);
const WITH_DOCUMENT = Object.keys(COMMANDS).filter((command) => COMMANDS[command]?.document);
/** The arguments with which each command succeeds. */
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  api: ['users/current'],
  'auth status': [],
  'auth token': [],
  autocomplete: ['bash'],
  'autocomplete create': [],
  'autocomplete profiles': [],
  'autocomplete script': ['zsh'],
  'config migrate': ['--dry-run'],
  'create api-key': ['--name', 'ci', '--permission_file', 'perms.json'],
  'create team-role': ['--name', 'ops', '--permissions', 'perms.json'],
  'delete api-key': ['42', '--yes'],
  'delete session': ['9001', '--yes'],
  doctor: [],
  'invite member': ['--email', 'user@example.com', '--role', 'dev'],
  'permissions audit': [],
  'permissions check': ['perms.json', '--request', 'GET /api/v0/instances/'],
  'permissions diff': ['perms.json', 'preset:host', '--no-new-access'],
  'permissions explain': ['perms.json'],
  'permissions fix': ['misspelt.json', '--dry-run'],
  'permissions init': ['--preset', 'monitoring'],
  'permissions operations': ['reboot'],
  'permissions probe': [],
  'permissions schema': [],
  'permissions suggest': ['--command', 'show instances'],
  'permissions test': ['cases.json'],
  'permissions tighten': ['40'],
  'permissions validate': ['perms.json', 'misspelt.json'],
  'profile list': [],
  'profile remove': ['work', '--yes'],
  'profile use': ['work'],
  'prune api-keys': ['--unused-for', '90d', '--dry-run'],
  'remove member': ['123', '--yes'],
  'remove team-role': ['dev', '--yes'],
  'reset api-key': ['--yes'],
  'revoke api-key': ['--yes'],
  'rotate api-key': ['42', '--grace', '1d'],
  scan: [],
  'set api-key': ['-'],
  'show api-key': ['42'],
  'show api-keys': ['--usage'],
  'show audit-logs': [],
  'show members': [],
  'show sessions': [],
  'show team-role': ['dev'],
  'show team-roles': [],
  'show user': [],
  'tfa activate': ['-', '--secret', '-'],
  'tfa add sms': ['--phone-number', '+12025550100'],
  'tfa add totp': [],
  'tfa auth-new': [],
  'tfa delete': ['--id-to-delete', '501', '--backup-code', '-', '--yes'],
  'tfa login': ['--backup-code', '-'],
  'tfa logout': [],
  'tfa regen-codes': ['--backup-code', '-', '--yes'],
  'tfa resend-sms': [],
  'tfa send-email': [],
  'tfa send-sms': [],
  'tfa status': [],
  'tfa totp-setup': [],
  'tfa update': ['501', '--label', 'Mine'],
  'unset api-key': ['--yes'],
  'update team-role': ['dev', '--permissions', 'perms.json'],
  version: [],
};

/** The commands that are conversations on a terminal, which have tests of their own. */
const CONVERSATIONS = ['tfa add sms', 'tfa add totp'];

/** The commands that read the value of key 42, and not of the saved key, from standard input. */
const READS_OTHER = ['revoke api-key'];

/** The commands that leave standard output to the program that they run. */
const OTHERS_PRINT = ['exec', 'official'];

/** The arguments with which commands fail and report more than the error. */
const FAILING: Readonly<Record<string, readonly string[]>> = {
  'create api-key': ['--name', 'ci', '--permission_file', 'misspelt.json'],
  'create team-role': ['--name', 'ops', '--permissions', 'misspelt.json'],
  'delete api-key': ['7', '--yes'],
  'permissions check': ['misspelt.json', '--request', 'GET /api/v0/instances/'],
  'permissions test': ['cases.json', '--document', 'misspelt.json'],
  'update team-role': ['dev', '--permissions', 'misspelt.json'],
};

const wordsOf = (command: string, args: readonly string[] = []) => [...command.split(' '), ...args, '--json'];

/** Makes what the arguments above name. Returns the value of key 42. */
async function fill({ home, saveKey, addKey, sandbox }: Harness): Promise<string> {
  const { value } = await addKey({ name: 'old' });
  await saveKey();
  await home.write('.config/vastai/profiles/work/vast_api_key', sandbox.key);
  await home.write('.vast_api_key', sandbox.key);
  await home.write('perms.json', '{"api":{"instance_read":{}}}');
  await home.write('misspelt.json', '{"api":{"instnce_read":{}}}');
  await home.write(
    'cases.json',
    '{"document":"perms.json","cases":[{"operation":"instance.destroy","expect":"deny"}]}',
  );
  sandbox.addRole('dev', { api: { user_read: {} } });
  sandbox.addMember({ id: 123, email: 'member@example.com', roles: [] });
  sandbox.twoFactor.beginSession(40);
  return value;
}

/** Gives the account second factors. Returns what the command reads from standard input. */
async function fillTwoFactor({ sandbox, vastai }: Harness, command: string): Promise<string> {
  const { twoFactor, clock } = sandbox;
  twoFactor.add({ method: 'totp' });
  twoFactor.add({ method: 'sms' });
  twoFactor.authorize();
  if (command === 'tfa resend-sms') await vastai(['tfa', 'send-sms']);
  if (command !== 'tfa activate') return twoFactor.backupCodes()[0] ?? '';
  await vastai(['tfa', 'totp-setup']);
  const secret = twoFactor.pendingSecret() ?? '';
  return `${secret}\n${totpCode(secret, clock.now())}\n`;
}

describe.concurrent('the documents of --json', () => {
  it('have a schema each', async () => {
    expect(Object.keys(ARGUMENTS)).toEqual(WITH_DOCUMENT);
    const without = Object.keys(COMMANDS).filter((command) => !WITH_DOCUMENT.includes(command));
    expect(without).toEqual(OTHERS_PRINT);
  });

  const working = WITH_DOCUMENT.filter((command) => !CONVERSATIONS.includes(command));

  it.for(working)('keep to it where %s does its work', async (command, { harness }) => {
    const other = await fill(harness);
    const ofTfa = command.startsWith('tfa ') ? await fillTwoFactor(harness, command) : undefined;
    const ran = await harness.vastai(wordsOf(command, ARGUMENTS[command]), {
      input: ofTfa ?? (READS_OTHER.includes(command) ? other : harness.sandbox.key),
      printsKey: true,
    });
    expect([0, 10]).toContain(ran.status);
    expect(ran.json()).not.toHaveProperty('error');
  });

  // Installing a plugin runs `autocomplete create`, which looks at no word and is content with whatever it can write.
  const failing = WITH_DOCUMENT.filter((command) => command !== 'autocomplete create');

  it.for(failing)('keep to that of failures where %s fails', async (command, { harness }) => {
    await fill(harness);
    const ran = await harness.vastai(wordsOf(command, FAILING[command] ?? ['--nope']));
    expect(ran.status).not.toBe(0);
    expect(ran.json()).toHaveProperty('error');
  });
});
