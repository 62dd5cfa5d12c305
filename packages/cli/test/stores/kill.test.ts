import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, describeIf, it } from '@vastai-cli/testing/checkout/keychain';
import { BIN } from '@vastai-cli/testing/checkout/paths';
import type { KeychainHarness } from '@vastai-cli/testing/keychain-harness';
import { KEY_FILE, LEGACY_FILE } from '@vastai-cli/testing/places';
import { signalProcess } from '@vastai-cli/testing/processes';
import { type Call, straceWorks, type Traced, traceFromStart } from '@vastai-cli/testing/strace';
import { expect } from 'vitest';
import { childrenOf } from '../support/processes.js';

const OLD = 'old-key-0123456789abcdef';
const NEW = 'new-key-fedcba9876543210';
const OTHER = 'other-key-0011223344556677';

/** The system calls that change files, and `connect`, with which each change of the keychain begins. */
const CALLS = ['rename', 'renameat', 'renameat2', 'unlink', 'unlinkat', 'connect'];
const SET = ['set', 'api-key', '-', '--no-verify'];
const MIGRATE = ['config', 'migrate'];

type Prepare = (harness: KeychainHarness) => Promise<unknown>;

const inFile: Prepare = ({ keep }) => keep('file', OLD);
const inKeychain: Prepare = ({ keep }) => keep('keychain', OLD);
const inLegacyFile: Prepare = ({ home }) => home.write(LEGACY_FILE, OLD);
const moved: Prepare = async (harness) => {
  await inFile(harness);
  await harness.vastai([...MIGRATE, '--to', 'keychain']);
};

/** Another tool saved another key where the key is to go. */
const movedAndDrifted: Prepare = async (harness) => {
  await moved(harness);
  await harness.home.write(KEY_FILE, OTHER);
};
const inFileWithAnotherInKeychain: Prepare = async (harness) => {
  await inFile(harness);
  await harness.keychain.store('default', OTHER);
};

interface Scenario {
  readonly what: string;
  readonly prepare: Prepare;
  readonly args: readonly string[];
  /** The keys of which one is there after a kill. */
  readonly keys: readonly string[];
  readonly endsIn: 'file' | 'keychain';
}

const SCENARIOS: readonly Scenario[] = [
  {
    what: 'set api-key, from file to keychain',
    prepare: inFile,
    args: SET,
    keys: [OLD, NEW],
    endsIn: 'keychain',
  },
  {
    what: 'set api-key, from keychain to file',
    prepare: inKeychain,
    args: [...SET, '--storage', 'file'],
    keys: [OLD, NEW],
    endsIn: 'file',
  },
  {
    what: 'set api-key, in the keychain',
    prepare: inKeychain,
    args: SET,
    keys: [OLD, NEW],
    endsIn: 'keychain',
  },
  {
    what: 'set api-key, from the legacy file to the keychain',
    prepare: inLegacyFile,
    args: SET,
    keys: [OLD, NEW],
    endsIn: 'keychain',
  },
  {
    what: 'config migrate --to keychain',
    prepare: inFile,
    args: [...MIGRATE, '--to', 'keychain'],
    keys: [OLD],
    endsIn: 'keychain',
  },
  {
    what: 'config migrate --to file',
    prepare: inKeychain,
    args: [...MIGRATE, '--to', 'file'],
    keys: [OLD],
    endsIn: 'file',
  },
  {
    what: 'config migrate --to keychain, from the legacy file',
    prepare: inLegacyFile,
    args: [...MIGRATE, '--to', 'keychain'],
    keys: [OLD],
    endsIn: 'keychain',
  },
  {
    what: 'config migrate --undo',
    prepare: moved,
    args: [...MIGRATE, '--undo'],
    keys: [OLD],
    endsIn: 'file',
  },
  {
    what: 'config migrate --undo --force, over another key',
    prepare: movedAndDrifted,
    args: [...MIGRATE, '--undo', '--force'],
    keys: [OLD],
    endsIn: 'file',
  },
  {
    what: 'config migrate --to file --force, over another key',
    prepare: movedAndDrifted,
    args: [...MIGRATE, '--to', 'file', '--force'],
    keys: [OLD],
    endsIn: 'file',
  },
  {
    what: 'config migrate --to keychain --force, over another key',
    prepare: inFileWithAnotherInKeychain,
    args: [...MIGRATE, '--to', 'keychain', '--force'],
    keys: [OLD],
    endsIn: 'keychain',
  },
];

/** Takes all away that a run can have left, and puts in place what is there before the next. */
async function prepareAnew(harness: KeychainHarness, { prepare }: Pick<Scenario, 'prepare'>): Promise<void> {
  const left = ['.config', '.local', LEGACY_FILE].map((name) => harness.home.at(name));
  await Promise.all(left.map((path) => rm(path, { recursive: true, force: true })));
  await harness.keychain.clear('default');
  await prepare(harness);
}

function trace(
  { home, keychain, sandbox }: KeychainHarness,
  { args }: Pick<Scenario, 'args'>,
  killAt?: Call,
): Promise<Traced> {
  const { VASTAI_STORAGE: _, ...env } = home.env;
  return traceFromStart({
    command: [BIN, ...args],
    env: {
      ...env,
      ...keychain.env,
      VASTAI_KEYCHAIN_TIMEOUT: '30',
      VAST_URL: sandbox.url,
      // It is written when all is done, and may be lost.
      NODE_DISABLE_COMPILE_CACHE: '1',
    },
    input: NEW,
    names: CALLS,
    ...(killAt === undefined ? {} : { killAt }),
  });
}

/** Kills a run at a call. Runs differ a little in their calls, so one that ended before the call is tried again. */
async function killAt(
  harness: KeychainHarness,
  scenario: Pick<Scenario, 'args' | 'prepare'>,
  call: Call,
): Promise<void> {
  const signals: unknown[] = [];
  while (signals.length < 4 && signals.at(-1) !== 'SIGKILL') {
    await prepareAnew(harness, scenario);
    signals.push((await trace(harness, scenario, call)).signal);
  }
  expect(signals.at(-1)).toBe('SIGKILL');
}

/** The calls of a run that find things otherwise than the one before. */
function stepsOf(calls: readonly Call[]): Call[] {
  return calls.filter(({ name, text }, index) => {
    if (name === 'connect') return index > 0 && calls[index - 1]?.name !== 'connect';
    // The lock is made under another name, which is then removed; a receipt changes nothing that is found.
    return text.includes('~') && !/\.lock\.|migrations/.test(text);
  });
}

// Each is a dozen runs of several processes.
describeIf(straceWorks())('kill -9 between any two steps', { timeout: 240_000 }, () => {
  it.for(SCENARIOS)('of $what leaves a key that works', async (scenario, { harness }) => {
    const { keys, endsIn } = scenario;
    await prepareAnew(harness, scenario);
    const whole = await trace(harness, scenario);
    expect([whole.status, whole.signal]).toEqual([0, null]);
    expect(await harness.token()).toBe(keys.at(-1));
    const expectAtItsEnd = async () => {
      expect(await harness.keychain.lookup('default')).toBe(endsIn === 'keychain' ? keys.at(-1) : undefined);
      expect(await harness.home.read(KEY_FILE)).toBe(endsIn === 'file' ? keys.at(-1) : undefined);
    };
    await expectAtItsEnd();
    const found: string[] = [];
    for (const call of stepsOf(whole.calls)) {
      await killAt(harness, scenario, call);
      found.push(await harness.token());
      // Whatever is left in the keychain, on record or not, is shown.
      const { sources } = (await harness.vastai(['auth', 'status', '--offline', '--json'])).json();
      const shown = sources.find(({ source }: { source: string }) => source === 'keychain');
      const entry = await harness.keychain.lookup('default');
      expect([call.text, shown?.suffix]).toEqual([call.text, entry?.slice(-4)]);
      if (!scenario.args.includes('--to')) continue;
      // The next run does the rest, and removes what was to go.
      const again = await harness.vastai(scenario.args);
      expect([call.text, again.status, again.stderr]).toEqual([call.text, 0, again.stderr]);
      await expectAtItsEnd();
    }
    // The old key at first, and from some step on the new one.
    expect(found.length).toBeGreaterThan(1);
    expect(found.filter((key, index) => key !== found[index - 1])).toEqual(keys);
  });

  it('of unset api-key leaves the key in use, or no key and nothing in the way', async ({ harness }) => {
    const scenario = { prepare: inKeychain, args: ['unset', 'api-key', '--yes'] };
    await prepareAnew(harness, scenario);
    const whole = await trace(harness, scenario);
    expect([whole.status, whole.signal]).toEqual([0, null]);
    const found: string[] = [];
    for (const call of stepsOf(whole.calls)) {
      await killAt(harness, scenario, call);
      const { status, stdout } = await harness.vastai(['auth', 'token'], { printsKey: true });
      found.push(`${status} ${stdout.trimEnd()}`);
    }
    expect(found.filter((one, index) => one !== found[index - 1])).toEqual([`0 ${OLD}`, '3 ']);
  });
});

describe('kill -9 of the process that calls the keychain', () => {
  it.for([0, 20, 40, 60])('%i ms after it began leaves a key that works', async (delay, { harness }) => {
    let seen = 0;
    // A busy machine may show the process too late.
    for (let tries = 0; seen < 2 && tries < 5; tries += 1) {
      await inKeychain(harness);
      const ran = await saveAndKill(harness, delay);
      seen = ran.seen;
      expect(ran.status === 0 ? [NEW] : [OLD, NEW]).toContain(await harness.token());
      expect(await harness.home.read(KEY_FILE)).toBeUndefined();
    }
    expect(seen).toBeGreaterThan(1);
  });
});

/** Saves a key, and kills each process that it starts for this, but the first, which only probes. Returns how many it saw. */
async function saveAndKill(harness: KeychainHarness, delay: number) {
  const running = harness.start([...SET, '--storage', 'keychain'], { input: NEW });
  let isOver = false;
  const ended = running.ended.finally(() => {
    isOver = true;
  });
  const seen = new Set<number>();
  while (!isOver) {
    for (const pid of await childrenOf(running.pid ?? 0)) {
      if (seen.has(pid)) continue;
      seen.add(pid);
      // At what it is hit is left to chance.
      if (seen.size > 1) void sleep(delay).then(() => killChild(running.pid, pid));
    }
    await sleep(2);
  }
  return { seen: seen.size, status: (await ended).status };
}

/** It may have ended already, and its number be that of another by now. */
async function killChild(parent: number | undefined, pid: number): Promise<void> {
  if ((await childrenOf(parent ?? 0)).includes(pid)) signalProcess(pid, 'SIGKILL');
}
