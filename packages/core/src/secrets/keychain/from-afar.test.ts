import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { KeychainError, lockedError, NO_BUS } from './errors.js';
import { explainFromAfar } from './from-afar.js';

const SSH = { SSH_CONNECTION: '192.0.2.1 50000 192.0.2.2 22' };
/** The advice for such a session. */
const HERE = [
  { do: 'pass-key', purpose: 'Pass the key in VAST_API_KEY' },
  { do: 'save-key', storage: 'file', purpose: 'Or keep it in a file' },
];
const noBus = new KeychainError('keychain_missing', NO_BUS).problem;

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
    expect(fix).toEqual([{ do: 'say', text }, ...HERE]);
  });

  it('is used in the desktop session, where it is not', () => {
    const { fix } = explainFromAfar(noBus, 'default', {}, '/nonexistent');
    const purpose = 'Or run vastai in the desktop session, or move the key into a file there';
    expect(fix).toEqual([...HERE, { do: 'migrate', to: 'file', purpose }]);
  });

  it('cannot ask for its password over SSH', () => {
    const { problem } = lockedError();
    const purpose = 'Or unlock it in the desktop session, or move the key into a file there';
    expect(explainFromAfar(problem, 'default', SSH).fix).toEqual([
      { do: 'say', text: 'Nothing can ask for its password over SSH.' },
      ...HERE,
      { do: 'migrate', to: 'file', purpose },
    ]);
    expect(explainFromAfar(problem, 'default', {})).toBe(problem);
  });
});
