import { mkdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { withLock } from '@vastai-cli/core/internal/files/lock';
import { it } from '@vastai-cli/testing/checkout/cli';
import { canOpenTerminal } from '@vastai-cli/testing/terminal-session';
import { describe, expect } from 'vitest';

const WAITING = 'Waiting for another vastai that is changing keys or settings.';

describe.skipIf(!canOpenTerminal())('a command that changes keys or settings', { concurrent: true }, () => {
  it.for([
    ['unset', 'api-key', '--yes'],
    ['profile', 'use', 'default'],
    ['show', 'user'],
  ])('names the process it waits for, and continues when that is done: %j', async (args, { harness }) => {
    const { onTerminal, home, sandbox } = harness;
    // `show user` moves the legacy file on its way.
    await home.write('.vast_api_key', sandbox.key);
    // This process holds the lock, as another vastai would.
    const holder = JSON.stringify({ pid: process.pid, host: hostname() });
    const lock = await home.write('.config/vastai/.lock', holder);
    const terminal = onTerminal(args, { stdoutTo: home.at('stdout') });
    await terminal.see(WAITING);
    await rm(lock);
    const { status, screen } = await terminal.ended;
    expect(status).toBe(0);
    expect(screen.split(WAITING)).toHaveLength(2);
    expect(await home.read('stdout')).not.toContain(WAITING);
  });
});

describe.concurrent('a command that only uses the key', () => {
  it('does not wait long to move it while another vastai changes keys', async ({ harness }) => {
    const { vastai, home, sandbox } = harness;
    const legacy = await home.write('.vast_api_key', sandbox.key);
    await withLock(home.at('.config/vastai/.lock'), async () => {
      const { status, stdout, stderr } = await vastai(['auth', 'token'], { printsKey: true });
      expect({ status, stdout }).toEqual({ status: 0, stdout: `${sandbox.key}\n` });
      expect(stderr).toContain(`The key in ${legacy} is used, but could not be moved. Another vastai`);
    });
    expect((await vastai(['auth', 'token'], { printsKey: true })).stderr).toMatch(/was moved to/);
  });

  it('does not look at the lock when there is nothing to move', async ({ harness }) => {
    const { vastai, home, saveKey, sandbox } = harness;
    await saveKey();
    await withLock(home.at('.config/vastai/.lock'), async () => {
      const token = await vastai(['auth', 'token'], { printsKey: true });
      expect(token).toMatchObject({ status: 0, stdout: `${sandbox.key}\n`, stderr: '' });
      expect((await vastai(['auth', 'status', '--offline'])).status).toBe(0);
    });
  });

  it('uses it from where it is when a folder is in the place of the lock', async ({ harness }) => {
    const { vastai, home, sandbox } = harness;
    await home.write('.vast_api_key', sandbox.key);
    await mkdir(home.at('.config/vastai/.lock/of-the-user'), { recursive: true });
    const { status, stderr } = await vastai(['show', 'user']);
    expect(status).toBe(0);
    expect(stderr).toMatch(/could not be moved.*\.lock is a folder/);
    expect((await vastai(['set', 'api-key', '-'], { input: sandbox.key })).status).toBe(9);
  });
});
