import { chmodSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { useHome } from '../../test/support/home.js';
import type { Environment } from '../base/environment.js';
import { recordProfile } from '../config/settings.js';
import { withLock } from '../files/lock.js';
import { acquireKey } from './acquire-key.js';
import type { ContextRequest } from './open.js';

const home = useHome();
const unix = process.platform !== 'win32';
const KEY = 'key-0123456789abcdef';
const DEFAULT_URL = 'https://console.vast.ai';
const OTHER_URL = 'https://staging.example';

async function run(environment: Environment = {}, more: Partial<ContextRequest> = {}) {
  const { key, source, notes, warnings } = await acquireKey(await home.context(environment, more));
  expect(JSON.stringify([notes, warnings])).not.toContain('0123456789');
  return { key: key.reveal(), source: source.name, notes, warnings };
}

describe('the key of a run', () => {
  it('moves the legacy file on the way, says so, and says it once', async () => {
    home.put(home.paths.legacyFile, `${KEY}\n`, 0o644);
    expect(await run()).toEqual({
      key: KEY,
      source: 'legacy',
      notes: [`The key of ${home.paths.legacyFile} was moved to ${home.paths.keyFile('default')}.`],
      warnings: [],
    });
    expect(await home.files()).toEqual({ '.config/vastai/vast_api_key': KEY });
    expect(await run()).toEqual({ key: KEY, source: 'file', notes: [], warnings: [] });
  });

  it('leaves the legacy file alone when another key is used', async () => {
    home.put(home.paths.legacyFile, KEY);
    expect(await run({ VAST_API_KEY: 'env-key' })).toMatchObject({ key: 'env-key', notes: [], warnings: [] });
    expect(await home.files()).toEqual({ '.vast_api_key': KEY });
  });

  it('is used from the legacy file, with a warning, when that cannot be moved', async () => {
    home.put(home.paths.legacyFile, KEY);
    home.put(home.paths.configFolder, 'a file in the place of the folder');
    const { key, source, notes, warnings } = await run();
    expect({ key, source, notes }).toEqual({ key: KEY, source: 'legacy', notes: [] });
    expect(warnings).toEqual([
      {
        message: expect.stringMatching(/in .* is used, but could not be moved\. .*not a folder/),
        fix: expect.anything(),
      },
    ]);
    expect(Object.keys(await home.files())).toEqual(['.config/vastai', '.vast_api_key']);
  });

  it('of a legacy file never becomes one of another API that the profile is set to', async () => {
    home.put(home.paths.legacyFile, KEY);
    await recordProfile(home.paths, 'default', { url: OTHER_URL });
    const { key, notes, warnings } = await run({}, { url: DEFAULT_URL });
    expect({ key, notes }).toEqual({ key: KEY, notes: [] });
    expect(warnings).toEqual([{ message: expect.stringContaining(OTHER_URL), fix: '' }]);
    expect(await home.files()).toMatchObject({ '.vast_api_key': KEY });
    await expect(run()).rejects.toMatchObject({ code: 'no_key' });
  });

  it('does not report a move that another process made', async () => {
    home.put(home.paths.legacyFile, KEY);
    const contexts = await Promise.all([home.context(), home.context()]);
    const runs = await Promise.all(contexts.map((context) => acquireKey(context)));
    expect(runs.map(({ key }) => key.reveal())).toEqual([KEY, KEY]);
    expect(runs.flatMap(({ notes }) => notes)).toHaveLength(1);
    expect(runs.flatMap(({ warnings }) => warnings)).toEqual([]);
  });

  it('waits for a save for another API to finish', async () => {
    home.put(home.paths.keyFile('default'), 'key-of-another-api-012345');
    await recordProfile(home.paths, 'default', { storage: 'file', url: OTHER_URL, pending: true });
    let found: ReturnType<typeof run> | undefined;
    await withLock(home.paths.lockFile, async () => {
      const context = await home.context();
      const isWaiting = new Promise<void>((resolve) => {
        found = acquireKey({ ...context, notify: () => resolve() }).then(({ key, source }) => ({
          key: key.reveal(),
          source: source.name,
          notes: [],
          warnings: [],
        }));
        found.catch(() => resolve());
      });
      await isWaiting;
      home.put(home.paths.keyFile('default'), KEY);
      await recordProfile(home.paths, 'default', { storage: 'file', url: OTHER_URL });
    });
    expect(await found).toMatchObject({ key: KEY, source: 'file' });
  });

  it('is not one of another API that was saved after the settings were read', async () => {
    home.put(home.paths.keyFile('default'), 'key-of-another-api-012345');
    await recordProfile(home.paths, 'default', { storage: 'file', url: OTHER_URL });
    const context = await home.context();
    home.put(home.paths.keyFile('default'), KEY);
    await recordProfile(home.paths, 'default', { storage: 'file', url: DEFAULT_URL });
    await expect(acquireKey(context)).rejects.toMatchObject({
      code: 'no_key',
      message: expect.stringContaining(DEFAULT_URL),
    });
  });

  it('is not guessed if such a save was killed', async () => {
    home.put(home.paths.keyFile('default'), KEY);
    await recordProfile(home.paths, 'default', { storage: 'file', url: DEFAULT_URL, pending: true });
    await expect(run()).rejects.toMatchObject({
      code: 'storage',
      message: expect.stringContaining('interrupted'),
    });
    chmodSync(home.paths.configFolder, 0o500);
    await expect(run()).rejects.toMatchObject({
      code: 'storage',
      message: expect.stringContaining('interrupted'),
    });
    chmodSync(home.paths.configFolder, 0o700);
  });

  it.runIf(unix)('says what is wrong with its file', async () => {
    home.put(home.paths.keyFile('default'), KEY);
    chmodSync(home.paths.keyFile('default'), 0o644);
    expect((await run()).warnings).toMatchObject([
      { message: expect.stringContaining('mode 0644'), fix: [{ do: 'migrate' }] },
    ]);
  });
});
