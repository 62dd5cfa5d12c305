import { rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { canOpenTerminal } from '@vastai-cli/kit/testing/terminal-session';
import { describe, expect } from 'vitest';
import { it } from './support/it.js';

const WAITING = 'Waiting for another vastai that is changing keys or settings.';

describe.skipIf(!canOpenTerminal())('a command that changes keys or settings', { concurrent: true }, () => {
  it.for([
    ['unset', 'api-key', '--yes'],
    ['profile', 'use', 'default'],
    ['show', 'user'],
  ])('says whom it waits for, and goes on when the other one is done: %j', async (args, { stage }) => {
    const { onTerminal, home, sandbox } = stage;
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
