import type { Advice } from '@vastai-cli/core/internal/base/advice';
import { afterEach, describe, expect, it } from 'vitest';
import { adviceDocuments, adviceText, rendered } from './advice.js';
import type { AdviceTarget } from './advice-target.js';

const PLAIN: AdviceTarget = { profile: 'default', byFlag: false, keyFromVariable: false, url: undefined };
const WORK: AdviceTarget = { ...PLAIN, profile: 'work', byFlag: true, url: 'https://staging.example' };
const VARIABLE: AdviceTarget = { ...PLAIN, keyFromVariable: true };
const FLAGS = '--profile work --url https://staging.example';
const unix = process.platform !== 'win32';

const shell = process.env.SHELL;
afterEach(() => {
  if (shell === undefined) delete process.env.SHELL;
  else process.env.SHELL = shell;
});

const text = (advice: Advice, target = PLAIN) => adviceText([advice], target);

describe.runIf(unix)('a step of advice', () => {
  const steps: [Advice, plain: string, ofProfile?: string][] = [
    [{ do: 'save-key' }, 'Save a key: vastai set api-key', `Save a key: vastai set api-key ${FLAGS}`],
    [{ do: 'save-key', storage: 'file' }, 'Keep the key in a file: vastai set api-key --storage file'],
    [
      { do: 'save-key', from: '/a b', url: 'https://a.example', profile: 'ci' },
      "Save a key: vastai set api-key - --profile ci --url https://a.example < '/a b'",
    ],
    [
      { do: 'save-key', from: '/a b', consume: true },
      "Save a key: vastai set api-key < '/a b' && rm '/a b'",
      `Save a key: vastai set api-key ${FLAGS} < '/a b' && rm '/a b'`,
    ],
    [{ do: 'save-key', consume: true }, 'Save a key: vastai set api-key'],
    [
      { do: 'remove-key' },
      'Remove the key: vastai unset api-key',
      'Remove the key: vastai unset api-key --profile work',
    ],
    [
      { do: 'start-over' },
      'Remove every copy of the key, then save it again: vastai unset api-key --yes && vastai set api-key',
      `Remove every copy of the key, then save it again: vastai unset api-key --yes --profile work && vastai set api-key ${FLAGS}`,
    ],
    [
      { do: 'migrate' },
      'Move the key: vastai config migrate',
      'Move the key: vastai config migrate --profile work',
    ],
    [
      { do: 'migrate', to: 'keychain', keepFile: true, force: true },
      'Move the key: vastai config migrate --to keychain --keep-file --force',
    ],
    [
      { do: 'show-sources' },
      'See where the keys are: vastai auth status',
      `See where the keys are: vastai auth status ${FLAGS}`,
    ],
    [{ do: 'diagnose' }, 'Find the cause: vastai doctor', `Find the cause: vastai doctor ${FLAGS}`],
    [
      { do: 'list-keys' },
      'List the keys of the account: vastai show api-keys',
      `List the keys of the account: vastai show api-keys ${FLAGS}`,
    ],
    [
      { do: 'list-profiles' },
      'List the profiles: vastai profile list',
      'List the profiles: vastai profile list',
    ],
    [
      { do: 'list-roles' },
      'List the roles of the team: vastai show team-roles',
      `List the roles of the team: vastai show team-roles ${FLAGS}`,
    ],
    [
      { do: 'list-members' },
      'List the members of the team: vastai show members',
      `List the members of the team: vastai show members ${FLAGS}`,
    ],
    [
      { do: 'list-sessions' },
      'List the login sessions: vastai show sessions',
      `List the login sessions: vastai show sessions ${FLAGS}`,
    ],
    [
      { do: 'create-key', name: 'ci', file: 'a b.json' },
      "Create the key: vastai create api-key --name ci --permission_file 'a b.json'",
      `Create the key: vastai create api-key --name ci --permission_file 'a b.json' ${FLAGS}`,
    ],
    [
      { do: 'create-key', name: '-x y', file: '-f', allowUnknown: true },
      "Create the key: vastai create api-key --name='-x y' --permission_file ./-f --allow-unknown",
    ],
    [
      { do: 'delete-key', id: 42 },
      'Delete the key: vastai delete api-key 42',
      `Delete the key: vastai delete api-key 42 ${FLAGS}`,
    ],
    [
      { do: 'prune-expired' },
      'Delete them: vastai prune api-keys --expired',
      `Delete them: vastai prune api-keys --expired ${FLAGS}`,
    ],
    [
      { do: 'run-behind-broker', only: ['show-user', 'search'] },
      'To allow a program only these operations (with --permission_file, also only what the document allows): vastai exec --broker --only show-user search -- COMMAND',
      `To allow a program only these operations (with --permission_file, also only what the document allows): vastai exec --broker ${FLAGS} --only show-user search -- COMMAND`,
    ],
    [
      { do: 'rotate-key', how: 'resume' },
      'Continue: vastai rotate api-key --resume',
      `Continue: vastai rotate api-key --resume ${FLAGS}`,
    ],
    [{ do: 'rotate-key', how: 'finish', id: 42 }, 'Delete the old key: vastai rotate api-key 42 --finish'],
    [
      { do: 'rotate-key', how: 'keep', profile: 'ci' },
      'Keep the old key: vastai rotate api-key --grace 7d --profile ci',
    ],
    [{ do: 'reset-key' }, 'Replace it: vastai reset api-key', `Replace it: vastai reset api-key ${FLAGS}`],
    [
      { do: 'tfa-login' },
      'Log in with a second factor: vastai tfa login',
      `Log in with a second factor: vastai tfa login ${FLAGS}`,
    ],
    [
      { do: 'tfa-logout' },
      'Forget the session: vastai tfa logout',
      'Forget the session: vastai tfa logout --profile work',
    ],
    [{ do: 'tfa', step: 'status' }, 'See the methods of the account: vastai tfa status'],
    [{ do: 'tfa', step: 'send-sms' }, 'Request a code by SMS: vastai tfa send-sms'],
    [{ do: 'tfa', step: 'resend-sms' }, 'Send it again: vastai tfa resend-sms'],
    [{ do: 'tfa', step: 'send-email' }, 'Request a code by email: vastai tfa send-email'],
    [{ do: 'tfa', step: 'auth-new' }, 'Authorize a new method: vastai tfa auth-new'],
    [{ do: 'tfa', step: 'add totp' }, 'Add a method: vastai tfa add totp'],
    [
      { do: 'tfa', step: 'regen-codes' },
      'Create backup codes: vastai tfa regen-codes',
      `Create backup codes: vastai tfa regen-codes ${FLAGS}`,
    ],
    [
      { do: 'pass-session' },
      'Pass the session: VAST_API_KEY=$(vastai auth token)',
      `Pass the session: VAST_API_KEY=$(vastai auth token ${FLAGS})`,
    ],
    [{ do: 'pass-key' }, 'Or pass the key in VAST_API_KEY.'],
    [{ do: 'make-key' }, 'Create a key at https://cloud.vast.ai/manage-keys/'],
    [{ do: 'unlock-keychain' }, 'Unlock the keychain, for example by logging in to the desktop.'],
    [{ do: 'restrict', paths: ['/a', '/b c'] }, "Make it writable only by you: chmod go-w /a '/b c'"],
    [{ do: 'make-private', path: '/b c' }, "Make it readable only by you: chmod 600 '/b c'"],
    [{ do: 'own', path: '/b c' }, `Make yourself the owner: sudo chown "$(id -un)" '/b c'`],
    [{ do: 'own', path: '/a', deep: true }, 'Make yourself the owner: sudo chown -R "$(id -un)" /a'],
    [{ do: 'remove-file', path: '/b c' }, "Remove the file: rm '/b c'"],
    [{ do: 'update' }, 'Update vastai: npm install -g vastai-cli@latest'],
    [{ do: 'say', text: 'Do it.' }, 'Do it.'],
  ];

  it.each(steps)('is a sentence and a command: %j', (advice, plain, ofProfile) => {
    expect(text(advice)).toBe(plain);
    if (ofProfile !== undefined) expect(text(advice, WORK)).toBe(ofProfile);
  });

  it('begins with its purpose, if it has one', () => {
    expect(text({ do: 'diagnose', purpose: 'To see why' })).toBe('To see why: vastai doctor');
    expect(text({ do: 'diagnose', purpose: '' })).toBe('vastai doctor');
    for (const end of ['.', '!', '?'])
      expect(text({ do: 'pass-key', purpose: `Pass it${end}` })).toBe(`Pass it${end}`);
    expect(text({ do: 'pass-key', purpose: 'See https://a.example for more' })).toBe(
      'See https://a.example for more.',
    );
    expect(text({ do: 'pass-key', purpose: 'Pass it' })).toBe('Pass it.');
  });

  it('unsets a variable in the syntax of the shell', () => {
    const unset: Advice = { do: 'unset', variable: 'VAST_API_KEY' };
    process.env.SHELL = '/usr/bin/fish';
    expect(text(unset)).toBe('Fix VAST_API_KEY, or unset it: set -e VAST_API_KEY');
    for (const other of ['/bin/bash', '/opt/fish/bash', '/bin/myfish']) {
      process.env.SHELL = other;
      expect(text(unset)).toBe('Fix VAST_API_KEY, or unset it: unset VAST_API_KEY');
    }
    delete process.env.SHELL;
    expect(text(unset)).toBe('Fix VAST_API_KEY, or unset it: unset VAST_API_KEY');
  });

  it('names the profile if a key in a variable would take precedence over its saved key', () => {
    expect(text({ do: 'tfa-login' }, VARIABLE)).toBe(
      'Log in with a second factor: vastai tfa login --profile default',
    );
    expect(text({ do: 'tfa-logout' }, VARIABLE)).toMatch(/ --profile default$/u);
    expect(text({ do: 'pass-session' }, VARIABLE)).toMatch(/auth token --profile default\)$/u);
    expect(text({ do: 'tfa-login', profile: 'ci' }, VARIABLE)).toMatch(/ --profile ci$/u);
    expect(text({ do: 'list-keys' }, { ...VARIABLE, profile: 'work' })).toMatch(/show api-keys$/u);
    expect(text({ do: 'remove-key' }, { ...VARIABLE, profile: 'work' })).toMatch(/ --profile work$/u);
  });

  it('is a line of its own, and data for scripts, unless it is only a sentence', () => {
    const guidance: readonly Advice[] = [
      { do: 'say', text: 'First.' },
      { do: 'delete-key', id: 42, purpose: 'Then' },
      { do: 'pass-key' },
    ];
    expect(adviceText(guidance, PLAIN)).toBe(
      'First.\nThen: vastai delete api-key 42\nOr pass the key in VAST_API_KEY.',
    );
    expect(adviceDocuments(guidance, PLAIN)).toEqual([
      { do: 'delete-key', id: 42, purpose: 'Then', command: 'vastai delete api-key 42' },
      { do: 'pass-key' },
    ]);
    expect(adviceText('A sentence.', PLAIN)).toBe('A sentence.');
    expect(adviceText(undefined, PLAIN)).toBe('');
    expect(adviceDocuments('A sentence.', PLAIN)).toEqual([]);
  });

  it('is the fix of a finding as text, and as data if there is any', () => {
    const bare: { code: string; fix?: string } = { code: 'x' };
    expect(rendered(bare, PLAIN)).toEqual(bare);
    expect(rendered({ code: 'x', fix: 'Do it.' }, PLAIN)).toEqual({ code: 'x', fix: 'Do it.' });
    expect(rendered({ code: 'x', fix: [{ do: 'diagnose' }] as const }, PLAIN)).toEqual({
      code: 'x',
      fix: 'Find the cause: vastai doctor',
      advice: [{ do: 'diagnose', command: 'vastai doctor' }],
    });
  });
});
