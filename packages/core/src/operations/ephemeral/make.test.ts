import { beforeEach, describe, expect, it } from 'vitest';
import { type Account, startAccount, type Trouble } from '../../../test/support/account-server.js';
import { useHome } from '../../../test/support/home.js';
import { keyOf } from '../../../test/support/keys.js';
import { VastaiError } from '../../base/errors.js';
import { thisProcess } from '../../files/lock-holder.js';
import { matchesFingerprint } from '../../secrets/fingerprint.js';
import { type EphemeralEntry, entriesOf } from '../ledger/entries.js';
import { ledgerTime, readLedger } from '../ledger/ledger.js';
import { type Making, makeKeyOfRun } from './make.js';

const home = useHome();

const MAKER = keyOf('maker-key-0123456789ab');

const PERMISSIONS = { api: { misc: {} } };

const FORBIDDEN = { status: 403, msg: 'You are not authorized to do this' };

let account: Account;

beforeEach(async () => {
  account = await startAccount();
  account.add(42, 'maker', MAKER);
});

const place = () => ({ paths: home.paths });

const ids = () => [...account.keys.keys()];

const entries = async () => entriesOf(await readLedger(home.paths), 'ephemeral');

const when = (start: string, trouble: Trouble) => {
  account.trouble = (request) => (request.startsWith(start) ? trouble : undefined);
};

describe('the key of a run', () => {
  const began: EphemeralEntry[] = [];
  beforeEach(() => {
    began.length = 0;
  });

  function making(more: Partial<Making> = {}): Making {
    return {
      place: place(),
      origin: account.url.origin,
      profile: 'work',
      key: MAKER,
      client: account.client(MAKER),
      patient: account.client(MAKER),
      clientOf: async (key) => account.client(key),
      permissions: PERMISSIONS,
      compare: () => undefined,
      ttl: undefined,
      begin: (entry) => void began.push(entry),
      signal: new AbortController().signal,
      ...more,
    };
  }

  /** Makes a key, and returns the error, with the entries that are left. */
  async function failure(more: Partial<Making> = {}) {
    const error = await makeKeyOfRun(making(more)).then(
      (): Partial<VastaiError> => ({ message: 'it did not fail' }),
      (thrown: Partial<VastaiError>) => thrown,
    );
    const { message, code, hint, advice } = error;
    return { message, code, hint, advice, left: (await entries()).map(({ id }) => id) };
  }

  it('is in the ledger before it is requested, and then with its ID', async () => {
    const before = ledgerTime();
    const { entry, key } = await makeKeyOfRun(making());
    expect(entry).toEqual({
      entry: expect.stringMatching(/^[0-9a-f]{16}$/u),
      kind: 'ephemeral',
      origin: account.url.origin,
      profile: 'work',
      name: `exec ${entry.entry}`,
      id: 101,
      maker: expect.any(String),
      process: await thisProcess(),
      started: entry.started,
    });
    expect(entry.started).toBeGreaterThanOrEqual(before);
    expect(matchesFingerprint(entry.maker, MAKER)).toBe(true);
    const { id: _, ...intent } = entry;
    expect(began).toEqual([intent, entry]);
    expect(await entries()).toEqual([entry]);
    expect(account.keys.get(101)).toMatchObject({ name: entry.name, permissions: PERMISSIONS });
    expect(key.equals(account.keys.get(101)?.value as typeof key)).toBe(true);
    expect(account.requests).toEqual(['POST apikeys by 42', 'GET users/current by 101']);
  });

  it('expires if the run does', async () => {
    const { entry } = await makeKeyOfRun(making({ ttl: 60, profile: null }));
    expect(entry).toMatchObject({ profile: null, expires: entry.started + 60 });
  });

  it('is not created if the ledger cannot be written', async () => {
    home.put(home.paths.ledgerFile, '{');
    await expect(makeKeyOfRun(making())).rejects.toMatchObject({ code: 'storage' });
    expect(account.requests).toEqual([]);
    expect(began).toEqual([]);
  });

  it('leaves nothing behind if the API does not create it', async () => {
    when('POST', FORBIDDEN);
    expect(await failure()).toMatchObject({ code: 'forbidden', left: [] });
    expect(account.requests).toEqual(['POST apikeys by 42']);
  });

  it('is deleted if it was created but the response was lost', async () => {
    when('POST', 'lost after');
    expect(await failure()).toMatchObject({
      code: 'unreachable',
      message: expect.stringMatching(/ The key was created and deleted again, because its value is lost\.$/u),
      hint: 'Try again.',
      left: [],
    });
    expect(ids()).toEqual([42]);
  });

  it('may appear later if it cannot be found or looked for', async () => {
    const later =
      /^A key named “exec [0-9a-f]{16}” may now exist\. The next exec, doctor or prune deletes it\.$/u;
    when('POST', 'lost before');
    expect(await failure()).toMatchObject({
      code: 'unreachable',
      hint: expect.stringMatching(later),
      left: [undefined],
    });
    account.trouble = (request) => (request.startsWith('POST') ? 'lost before' : FORBIDDEN);
    expect(await failure()).toMatchObject({
      hint: expect.stringMatching(later),
      left: [undefined, undefined],
    });
  });

  it('is deleted if it allows more than was asked for', async () => {
    const seen: unknown[] = [];
    const compare: Making['compare'] = (granted) => {
      seen.push(granted);
      return 'It may do more.';
    };
    expect(await failure({ compare })).toEqual({
      code: 'findings',
      message: 'It may do more. The key of this run was deleted.',
      hint: undefined,
      advice: undefined,
      left: [],
    });
    expect(seen).toEqual([expect.objectContaining({ id: 101, permissions: PERMISSIONS })]);
    expect(ids()).toEqual([42]);
  });

  it('stays in the ledger if it cannot be deleted, and the error says how to delete it', async () => {
    when('DELETE', FORBIDDEN);
    const { message, hint, advice, left } = await failure({ compare: () => 'It may do more.' });
    expect(message).toMatch(/^It may do more\. API key 101 could not be deleted\. .*not authorized/u);
    expect({ hint, advice, left }).toEqual({
      hint: '',
      advice: [{ do: 'delete-key', id: 101 }],
      left: [101],
    });
  });

  it('is deleted if the run was interrupted in the meantime', async () => {
    const controller = new AbortController();
    account.trouble = () => void controller.abort(new VastaiError('interrupted', 'Interrupted.'));
    expect(await failure({ signal: controller.signal })).toMatchObject({
      code: 'interrupted',
      message: 'Interrupted. The key of this run was deleted.',
      left: [],
    });
    expect(ids()).toEqual([42]);
  });

  it('is left to the next run after a bug', async () => {
    const compare = () => {
      throw new TypeError('a bug');
    };
    await expect(makeKeyOfRun(making({ compare }))).rejects.toThrow(TypeError);
    expect((await entries()).map(({ id }) => id)).toEqual([101]);
  });
});
