import { cliRoot } from '@vastai-cli/testing/checkout/paths';
import {
  type SessionBus,
  secretServiceInstalled,
  startSecretService,
  startSessionBus,
} from '@vastai-cli/testing/secret-service';
import { afterEach, describe, expect, it } from 'vitest';
import { keychainHealth } from './health.js';

describe('the health of a keychain', () => {
  it('names each part that is missing', async () => {
    const health = await keychainHealth({ environment: {}, cliRoot: '/nonexistent', interactive: false });
    expect(health).toMatchObject({ addon: 'failed', bus: 'missing', service: 'failed', locked: 'unknown' });
    expect(health.problems.map((problem) => problem.code)).toEqual(['keychain_missing', 'keychain_missing']);
  });
});

describe.runIf(secretServiceInstalled())('the health of a keychain on a session bus', () => {
  let stop: (() => Promise<void>) | undefined;
  afterEach(() => stop?.());

  async function healthOn<T extends SessionBus>(
    starting: Promise<T>,
    prepare: (bus: T) => void | Promise<void> = () => {},
  ) {
    const bus = await starting;
    stop = bus.stop;
    await prepare(bus);
    const environment = { ...bus.env, VASTAI_KEYCHAIN_TIMEOUT: '2' };
    return keychainHealth({ environment, cliRoot, interactive: true });
  }

  it('reports a working one', async () => {
    const health = await healthOn(startSecretService());
    expect(health).toEqual({ addon: 'ok', bus: 'ok', service: 'ok', locked: false, problems: [] });
  });

  it('reports a locked one, without asking for its password', async () => {
    const health = await healthOn(startSecretService({ prompter: 'silent' }), (service) => service.lock());
    expect(health).toEqual({ addon: 'ok', bus: 'ok', service: 'ok', locked: true, problems: [] });
  });

  it('reports one that hangs', async () => {
    const health = await healthOn(startSecretService(), (service) => service.freeze());
    expect(health).toMatchObject({ addon: 'ok', bus: 'ok', service: 'failed', locked: 'unknown' });
    expect(health.problems.map((problem) => problem.code)).toEqual(['keychain_timeout']);
  });

  it('reports a bus without a keychain', async () => {
    const health = await healthOn(startSessionBus());
    expect(health).toMatchObject({ addon: 'ok', bus: 'ok', service: 'failed', locked: 'unknown' });
    expect(health.problems.map((problem) => problem.code)).toEqual(['keychain_missing']);
  });

  it('reports one without a collection', async () => {
    const health = await healthOn(startSecretService({ collection: 'none' }));
    expect(health).toMatchObject({ service: 'ok', locked: false, problems: [{ code: 'keychain_missing' }] });
  });

  it('reports one whose default collection is in memory', async () => {
    const health = await healthOn(startSecretService(), (service) => service.setDefault('session'));
    expect(health).toMatchObject({ service: 'ok', locked: false, problems: [{ code: 'keychain_missing' }] });
  });
});
