import { it } from '@vastai-cli/testing/checkout/cli';
import { canOpenTerminal } from '@vastai-cli/testing/terminal-session';
import { describe, expect } from 'vitest';

/** Every command that asks: for confirmation, for a key, for a code, or for a choice. */
const ASKING = [
  ['unset', 'api-key'],
  ['set', 'api-key'],
  ['profile', 'remove', 'work'],
  ['delete', 'api-key', '1'],
  ['delete', 'session', '1'],
  ['reset', 'api-key'],
  ['revoke', 'api-key'],
  ['prune', 'api-keys', '--unused-for', '90d'],
  ['remove', 'team-role', '1'],
  ['remove', 'member', '1'],
  ['api', '-X', 'DELETE', 'instances/1/'],
  ['tfa', 'login'],
  ['tfa', 'delete', '--id-to-delete', '1'],
  ['tfa', 'regen-codes'],
  ['tfa', 'activate'],
  ['tfa', 'add', 'totp'],
  ['tfa', 'add', 'sms', '--phone-number', '+12025550100'],
] as const;

describe.skipIf(!canOpenTerminal()).concurrent('a terminal on which nobody may be asked', () => {
  it.for(ASKING.map((args) => [args.join(' '), args] as const))(
    'makes %s fail',
    async ([, args], { harness }) => {
      const { home, sandbox, onTerminal, saveKey, asked } = harness;
      await saveKey();
      sandbox.twoFactor.add({ method: 'totp' });
      await home.write('.config/vastai/profiles/work/vast_api_key', sandbox.key);
      const before = await home.files();
      for (const name of ['CI', 'VASTAI_NO_INPUT']) {
        const { status, screen } = await onTerminal(args, { env: { [name]: '1' } }).ended;
        expect([status, screen]).toEqual([2, expect.not.stringContaining('?')]);
        // It says which secret it needs, whatever it is that keeps it from asking.
        if (args.join(' ') !== 'tfa activate')
          expect(screen.replaceAll(/\s+/gu, ' ')).toContain(`while ${name} is set`);
      }
      expect(await home.files()).toEqual(before);
      expect(asked().filter((request) => !request.startsWith('GET '))).toEqual([]);
    },
  );

  it.for([
    [{ CI: 'true' }, 'while CI is set'],
    [{ VASTAI_NO_INPUT: '0' }, 'while VASTAI_NO_INPUT is set'],
    [{ CI: 'true', VASTAI_NO_INPUT: '1' }, 'while VASTAI_NO_INPUT is set'],
  ] as const)('says which variable says so: %j', async ([env, reason], { harness }) => {
    await harness.saveKey();
    for (const args of [
      ['unset', 'api-key'],
      ['set', 'api-key'],
      ['tfa', 'login'],
      ['tfa', 'add', 'totp'],
    ]) {
      const { screen } = await harness.onTerminal(args, { env }).ended;
      expect(screen.replaceAll(/\s+/gu, ' ')).toContain(reason);
    }
    const piped = await harness.vastai(['unset', 'api-key'], { env });
    expect(piped.stderr).toContain('without a terminal');
  });

  it('is still asked if the variables are empty', async ({ harness }) => {
    await harness.saveKey();
    const terminal = harness.onTerminal(['unset', 'api-key'], { env: { CI: '', VASTAI_NO_INPUT: '' } });
    await terminal.see('Remove the key of profile "default"');
    terminal.type('y\r');
    expect((await terminal.ended).status).toBe(0);
  });

  it('does not stop a command that needs no answer', async ({ harness }) => {
    await harness.saveKey();
    const env = { CI: 'true' };
    expect((await harness.onTerminal(['unset', 'api-key', '--yes'], { env }).ended).status).toBe(0);
  });
});
