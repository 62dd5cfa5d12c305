import { it } from '@vastai-cli/testing/checkout/cli';
import { hostsCanBeChanged, withHosts } from '@vastai-cli/testing/hosts-file';
import { SETTINGS } from '@vastai-cli/testing/places';
import { describe, expect } from 'vitest';

describe.runIf(hostsCanBeChanged())('localhost', { concurrent: true }, () => {
  it.for([
    ['another machine', '203.0.113.5'],
    // Linux connects to itself there, and the sandbox would answer; others connect elsewhere.
    ['any address', '0.0.0.0'],
    ['another machine over IPv6', '2001:db8::5'],
  ] as const)('gets no key if the hosts file maps it to %s', async ([, address], { harness }) => {
    const { vastai, sandbox, home, saveKey, asked } = harness;
    await saveKey();
    const url = `http://localhost:${new URL(sandbox.url).port}`;
    const through = withHosts(home.at('hosts'), `${address} localhost`);
    for (const args of [
      ['set', 'api-key', sandbox.key],
      ['show', 'user'],
      ['show', 'user', '--api-key', sandbox.key],
      ['delete', 'api-key', '42', '--yes'],
    ]) {
      const ran = await vastai([...args, '--url', url, '--json'], { through });
      expect(ran.status).toBe(2);
      expect(ran.json().error.message).toContain(
        `localhost resolves to ${address}, which is not this machine`,
      );
    }
    const status = await vastai(['auth', 'status', '--url', url, '--json'], { through });
    expect(status.status).toBe(8);
    expect(status.json().state).toBe('unverifiable');
    expect(await home.read(SETTINGS)).toBeUndefined();
    expect(asked()).toEqual([]);
  });

  it.for(['127.0.0.1', '::ffff:127.0.0.1'])('gets the key if it maps to %s', async (address, { harness }) => {
    const { vastai, sandbox, home, saveKey } = harness;
    await saveKey();
    const url = `http://localhost:${new URL(sandbox.url).port}`;
    const ran = await vastai(['show', 'user', '--url', url], {
      through: withHosts(home.at('hosts'), `${address} localhost`),
    });
    expect(ran.status).toBe(0);
  });
});
