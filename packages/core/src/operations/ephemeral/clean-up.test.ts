import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Account, startAccount, type Trouble } from '../../../test/support/account-server.js';
import { useHome } from '../../../test/support/home.js';
import { keyOf } from '../../../test/support/keys.js';
import { VastaiError } from '../../base/errors.js';
import { type Holder, thisProcess } from '../../files/lock-holder.js';
import { Client } from '../../http/client.js';
import { json, serve } from '../../http/test-support/loopback-server.js';
import { fingerprintOf } from '../../secrets/fingerprint.js';
import { type EphemeralEntry, entriesOf } from '../ledger/entries.js';
import { addEntry, ledgerTime, readLedger } from '../ledger/ledger.js';
import { cleanUpEphemeralKeys } from './clean-up.js';
import { deleteKeyOfRun, wayToDelete } from './delete.js';
import { endKeyOfRun } from './make.js';

const home = useHome();

const MAKER = keyOf('maker-key-0123456789ab');

const OTHER = keyOf('other-key-0123456789cd');

const FORBIDDEN = { status: 403, msg: 'You are not authorized to do this' };

const LOGIN = { do: 'tfa-login' } as const;

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

const entryOf = (more: Partial<EphemeralEntry> = {}): EphemeralEntry => ({
  entry: 'the-run',
  kind: 'ephemeral',
  origin: account.url.origin,
  profile: 'default',
  name: 'exec the-run',
  maker: fingerprintOf(MAKER),
  process: { pid: 1, host: 'elsewhere' },
  started: 1_790_000_000,
  ...more,
});

describe('the key of a run that ends', () => {
  beforeEach(() => account.add(43, 'exec the-run', OTHER));
  const end = (entry: EphemeralEntry) => endKeyOfRun(place(), account.client(MAKER), entry);

  it('is deleted, and its entry closed', async () => {
    await addEntry(place(), entryOf({ id: 43 }));
    expect(await end(entryOf({ id: 43 }))).toBeUndefined();
    expect(ids()).toEqual([42]);
    expect(await entries()).toEqual([]);
    expect(await end(entryOf({ id: 43 }))).toBeUndefined();
  });

  it('is found by its name if its ID is unknown', async () => {
    account.add(44, 'exec the-run', keyOf('late-key-0123456789wxyz'));
    account.add(45, 'exec another', keyOf('more-key-0123456789wxyz'));
    expect(await deleteKeyOfRun(account.client(MAKER), entryOf())).toBe(true);
    expect(ids()).toEqual([42, 45]);
    expect(await deleteKeyOfRun(account.client(MAKER), entryOf())).toBe(false);
  });

  it('keeps its entry if it is not found, since it may still appear', async () => {
    await addEntry(place(), entryOf({ name: 'exec later' }));
    expect(await end(entryOf({ name: 'exec later' }))).toBeUndefined();
    expect(await entries()).toHaveLength(1);
  });

  it('stays if it cannot be deleted, and the advice says how to delete it', async () => {
    when('DELETE', FORBIDDEN);
    await addEntry(place(), entryOf({ id: 43 }));
    const left = await end(entryOf({ id: 43 }));
    expect(left).toEqual({ entry: entryOf({ id: 43, maker: left?.entry.maker ?? '' }), error: left?.error });
    expect(left?.error.code).toBe('forbidden');
    expect(await entries()).toHaveLength(1);
    const way = (code: VastaiError['code']) =>
      wayToDelete({ entry: entryOf({ id: 43 }), error: new VastaiError(code, 'No.', { advice: [LOGIN] }) });
    expect(way('forbidden')).toEqual([{ do: 'delete-key', id: 43 }]);
    expect(way('two_factor')).toEqual([LOGIN, { do: 'delete-key', id: 43 }]);
    const error = new VastaiError('two_factor', 'No.');
    expect(wayToDelete({ entry: entryOf({ id: 43 }), error })).toEqual([{ do: 'delete-key', id: 43 }]);
  });

  it('is deleted even if the ledger cannot be written', async () => {
    home.put(home.paths.ledgerFile, '{');
    expect(await end(entryOf({ id: 43 }))).toBeUndefined();
    expect(ids()).toEqual([42]);
  });

  it('cannot be looked for in an incomplete list', async () => {
    const { url } = await serve((response) =>
      json(response, { apikeys: [{ id: 1 }, { name: 'exec the-run' }] }),
    );
    const client = new Client({
      baseUrl: url,
      key: MAKER,
      keySource: 'a test',
      retries: 0,
      timeoutMs: 10_000,
    });
    await expect(deleteKeyOfRun(client, entryOf())).rejects.toMatchObject({
      code: 'unreachable',
      message: 'The list of keys is not complete.',
    });
  });
});

describe('keys that earlier runs left', () => {
  let over: Holder;
  beforeEach(async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    over = { ...(await thisProcess()), pid: child.pid as number };
  });

  const run = (id: number, more: Partial<EphemeralEntry> = {}) => {
    const entry = entryOf({ entry: `run-${id}`, name: `exec run-${id}`, id, process: over, ...more });
    account.add(id, entry.name, keyOf(`left-key-${id}-0123456789`));
    return entry;
  };
  let opened = 0;
  const cleanUp = () =>
    cleanUpEphemeralKeys({
      place: place(),
      origin: account.url.origin,
      key: MAKER,
      client: async () => {
        opened += 1;
        return account.client(MAKER);
      },
    });
  const note = async (...noted: EphemeralEntry[]) => {
    for (const entry of noted) await addEntry(place(), entry);
  };

  it('are deleted if the run is over, used this API, and this key made them', async () => {
    const [one, running, elsewhere, ofOther] = [
      run(43),
      run(44, { process: await thisProcess() }),
      run(45, { origin: 'https://staging.example' }),
      run(46, { maker: fingerprintOf(OTHER) }),
    ] as const;
    await note(one, running, elsewhere, ofOther);
    expect(await cleanUp()).toEqual({ deleted: [one], failed: [], ofOthers: [ofOther] });
    expect(ids()).toEqual([42, 44, 45, 46]);
    expect(await entries()).toEqual([running, elsewhere, ofOther]);
  });

  it('need no client if there is nothing to delete', async () => {
    opened = 0;
    await note(run(46, { maker: fingerprintOf(OTHER) }));
    expect((await cleanUp()).ofOthers).toHaveLength(1);
    expect(opened).toBe(0);
  });

  it('without an ID may still appear for ten minutes', async () => {
    const { id: _, ...young } = run(43, { started: ledgerTime() - 500 });
    const { id: __, ...old } = run(44, { started: ledgerTime() - 700 });
    account.keys.delete(43);
    account.keys.delete(44);
    await note(young, old);
    expect(await cleanUp()).toEqual({ deleted: [], failed: [], ofOthers: [] });
    expect(await entries()).toEqual([young]);
  });

  it('are deleted despite a failure, which is tried again the next time', async () => {
    const [one, two] = [run(43), run(44)];
    await note(one, two);
    when('DELETE apikeys/43', FORBIDDEN);
    const { deleted, failed } = await cleanUp();
    expect(deleted).toEqual([two]);
    expect(failed).toEqual([{ entry: one, error: expect.objectContaining({ code: 'forbidden' }) }]);
    expect(await entries()).toEqual([one]);
    account.trouble = () => undefined;
    expect((await cleanUp()).deleted).toEqual([one]);
  });

  it('are not tried one by one if the API does not respond', async () => {
    const [one, two] = [run(43), run(44)];
    await note(one, two);
    when('DELETE', 'lost before');
    expect(await cleanUp()).toMatchObject({ deleted: [], failed: [{ entry: { id: 43 } }] });
    expect((await cleanUp()).failed).toHaveLength(1);
  });

  it('are deleted even if the ledger can no longer be written, which is reported once', async () => {
    const [one, two] = [run(43), run(44)];
    await note(one, two);
    account.trouble = (request) => {
      if (request.startsWith('DELETE')) home.put(home.paths.ledgerFile, '{');
      return undefined;
    };
    const { deleted, unwritten } = await cleanUp();
    expect(deleted).toEqual([one, two]);
    expect(unwritten).toMatchObject({
      code: 'storage',
      message: `${home.paths.ledgerFile} is not valid JSON.`,
    });
    expect(ids()).toEqual([42]);
  });

  it('are not tried one by one after an interruption', async () => {
    const [one, two] = [run(43), run(44)];
    await note(one, two);
    const interrupted = new VastaiError('interrupted', 'Interrupted.');
    const { failed } = await cleanUpEphemeralKeys({
      place: place(),
      origin: account.url.origin,
      key: MAKER,
      client: async () => {
        throw interrupted;
      },
    });
    expect(failed).toEqual([{ entry: one, error: interrupted }]);
  });

  it('stay after a bug', async () => {
    await note(run(43));
    const client = async () => {
      throw new TypeError('a bug');
    };
    await expect(
      cleanUpEphemeralKeys({ place: place(), origin: account.url.origin, key: MAKER, client }),
    ).rejects.toThrow(TypeError);
  });

  it('with an ID are deleted even if they are not listed', async () => {
    const one = run(43);
    account.keys.delete(43);
    await note(one);
    account.requests.length = 0;
    expect((await cleanUp()).deleted).toEqual([one]);
    expect(account.requests).toEqual(['DELETE apikeys/43 by 42']);
  });

  it('cause an error if the ledger cannot be read', async () => {
    home.put(home.paths.ledgerFile, '{');
    await expect(cleanUp()).rejects.toMatchObject({ code: 'storage' });
  });
});
