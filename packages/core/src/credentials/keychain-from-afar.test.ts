import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { explainFromAfar } from './keychain-from-afar.js';
import { KeychainError, lockedError, NO_BUS } from './keychain-problem.js';

const SSH = { SSH_CONNECTION: '192.0.2.1 50000 192.0.2.2 22' };
const noBus = new KeychainError('keychain_missing', NO_BUS).problem;
const ELSEWHERE = [
  { do: 'pass-key' },
  { do: 'save-key', storage: 'file' },
  { do: 'migrate', to: 'file', purpose: expect.stringContaining('in the desktop session') },
];

describe.runIf(process.platform === 'linux')('a keychain that a session cannot use', () => {
  it('is reached through the bus of the desktop, where that is there', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'vastai-run-'));
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(folder, 'bus'), resolve));
    const { code, message, fix } = explainFromAfar(noBus, 'work', SSH, folder);
    server.close();
    await rm(folder, { recursive: true, force: true });
    expect(code).toBe('keychain_missing');
    expect(message).toContain('The key of profile "work" is in the keychain of this machine\'s desktop');
    const text = `Connect to it: export DBUS_SESSION_BUS_ADDRESS=unix:path=${folder}/bus`;
    expect(fix).toMatchObject([{ do: 'say', text }, ...ELSEWHERE]);
  });

  it('is used in the desktop session, where it is not', () => {
    const { fix } = explainFromAfar(noBus, 'default', {}, '/nonexistent');
    expect(fix).toMatchObject(ELSEWHERE);
  });

  it('cannot ask for its password over SSH', () => {
    const { problem } = lockedError();
    const text = expect.stringMatching(/over SSH\. Unlock it in the desktop session/);
    expect(explainFromAfar(problem, 'default', SSH).fix).toMatchObject([{ do: 'say', text }, ...ELSEWHERE]);
    expect(explainFromAfar(problem, 'default', {})).toBe(problem);
  });
});
