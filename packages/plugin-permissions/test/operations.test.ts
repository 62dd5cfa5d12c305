import { it } from '@vastai-cli/testing/checkout/cli';
import { describe, expect } from 'vitest';

const operations = (...args: string[]) => ['permissions', 'operations', ...args];

describe.concurrent('permissions operations', () => {
  it('lists the operations with a word, without a key or a request', async ({ harness }) => {
    const { vastai, asked } = harness;
    const ran = await vastai(operations('machine_read'));
    expect(ran).toMatchObject({ status: 0, stderr: '' });
    expect(ran.stdout).toMatch(/^OPERATION +REQUEST +CATEGORY +WHAT IT DOES\n/);
    expect(ran.stdout).toMatch(
      /\nmachine\.instance_secrets +GET \/api\/v0\/machines\/get_instance_secrets\/\{instance_uuid\}\/ +machine_read +sensitive: reads the secrets/,
    );
    expect(ran.stdout).not.toContain('user_write');
    expect(asked()).toEqual([]);
  });

  it('lists only what a broker refuses by default', async ({ harness: { vastai } }) => {
    const ran = await vastai(operations('--sensitive', 'ssh'));
    expect(ran.stdout.split('\n').map((row) => row.split(' ')[0])).toEqual([
      'OPERATION',
      'ssh_key.create',
      'ssh_key.delete',
      'ssh_key.list',
      'ssh_key.update',
      '',
    ]);
    const json = (await vastai(operations('--sensitive', '--json'))).json();
    expect(json.every(({ sensitive }: { sensitive: boolean }) => sensitive)).toBe(true);
    expect(json).toContainEqual(expect.objectContaining({ operation: 'env_var.list' }));
    expect((await vastai(operations('user.show', '--sensitive'))).stdout).toMatch(/^No sensitive operation/);
  });

  it('lists everything as JSON', async ({ harness: { vastai } }) => {
    const ran = await vastai(operations('--json'));
    expect(ran.status).toBe(0);
    expect(ran.json()).toContainEqual(
      expect.objectContaining({ operation: 'agent.list', category: 'agents_read' }),
    );
  });

  it('says that nothing has the word', async ({ harness: { vastai } }) => {
    const ran = await vastai(operations('sandwich'));
    expect(ran).toMatchObject({ status: 0, stderr: '' });
    expect(ran.stdout).toBe('No operation, route, category or command contains "sandwich".\n');
    expect((await vastai(operations('sandwich', '--json'))).json()).toEqual([]);
  });

  it('is named by the message about an unknown command, which repeats no key', async ({
    harness: { vastai, home },
  }) => {
    await home.write('perms.json', '{"api":{"misc":{}}}');
    const check = (command: string) => vastai(['permissions', 'check', 'perms.json', '--command', command]);
    const unknown = await check('vastai --api-key 0123abcd make sandwich');
    expect(unknown).toMatchObject({ status: 2, stdout: '' });
    expect(unknown.stderr).toContain('Unknown command "make sandwich".');
    expect(unknown.stderr).toContain('vastai permissions operations');
    expect(unknown.stderr).not.toContain('0123abcd');
    expect((await check('vastai destory instance 5 --yes')).stderr).toContain(
      'Did you mean "destroy instance"?',
    );
  });

  it('goes with check, which takes a command and a request as they are typed', async ({
    harness: { vastai, home },
  }) => {
    const only = { constraints: { id: { eq: 1227 } } };
    const api = { instance_write: { 'api.instance.destroy': only, 'api.instance.reboot': only } };
    await home.write('perms.json', JSON.stringify({ api }));
    const check = async (...args: string[]) =>
      (await vastai(['permissions', 'check', 'perms.json', ...args, '--json'])).json().verdict;
    expect(await check('--command', 'vastai destroy instance 1227 --yes')).toBe('allow');
    expect(await check('--command', 'vastai destroy instance 1228 --yes')).toBe('deny');
    expect(await check('--command', 'reboot instance', '--param', 'id=1227')).toBe('allow');
    expect(await check('--command', 'reboot instance', '--param', 'id=1228')).toBe('deny');
    expect(await check('--request', 'DELETE https://console.vast.ai/api/v0/instances/1227/')).toBe('allow');
  });
});
