import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { SETTINGS } from '@vastai-cli/testing/places';
import { describe, expect } from 'vitest';
import { shellOf } from './support/shell.js';

/** How a run comes to its profile and its API. */
interface Way {
  readonly name: string;
  readonly profile: string;
  readonly flags: (harness: Harness) => readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly current?: string;
}

const WAYS: readonly Way[] = [
  { name: 'without a profile', profile: 'default', flags: () => [] },
  { name: 'with --profile work', profile: 'work', flags: () => ['--profile', 'work'] },
  { name: 'with VAST_PROFILE=work', profile: 'work', flags: () => [], env: { VAST_PROFILE: 'work' } },
  {
    name: 'in a folder of profile work',
    profile: 'work',
    flags: () => [],
    files: { '.vastai-profile': 'work' },
  },
  { name: 'with work as the current profile', profile: 'work', flags: () => [], current: 'work' },
  {
    name: 'with --url',
    profile: 'default',
    flags: ({ sandbox }) => ['--url', sandbox.url],
    env: { VAST_URL: undefined },
  },
  {
    name: 'with --profile default, where VAST_PROFILE names another',
    profile: 'default',
    flags: () => ['--profile', 'default'],
    env: { VAST_PROFILE: 'work' },
  },
];

/** Describes a fault and the environment that causes it. */
interface State {
  readonly name: string;
  /** The exit status of a command that needs the key. */
  readonly status: number;
  readonly arrange: (harness: Harness, way: Way) => Promise<Readonly<Record<string, string>> | undefined>;
}

const STATES: readonly State[] = [
  { name: 'no key', status: 3, arrange: async () => undefined },
  {
    name: 'a saved key that is rejected',
    status: 4,
    arrange: async (harness, way) => {
      await saveFor(harness, way.profile, await harness.unknownKey());
      return undefined;
    },
  },
  {
    name: 'a damaged key file',
    status: 9,
    arrange: async (harness, way) => {
      await saveFor(harness, way.profile, 'two words');
      return undefined;
    },
  },
  {
    name: 'a key file in UTF-16',
    status: 9,
    arrange: async (harness, way) => {
      await harness.home.write(keyFile(way.profile), Buffer.from(`\ufeff${harness.sandbox.key}`, 'utf16le'));
      return undefined;
    },
  },
  {
    name: 'a keychain that is not there',
    status: 9,
    arrange: async (harness, way) => {
      await settle(harness, way, { storage: 'keychain' });
      return { DBUS_SESSION_BUS_ADDRESS: `unix:path=${harness.home.at('no-bus')}` };
    },
  },
  {
    name: 'a save that was cut off',
    status: 9,
    arrange: async (harness, way) => {
      await saveFor(harness, way.profile, harness.sandbox.key);
      await settle(harness, way, { storage: 'file', pending: true });
      return undefined;
    },
  },
];

/** A key that was given and is wrong, beside a saved one that works. */
const GIVEN: readonly State[] = [
  {
    name: 'a rejected VAST_API_KEY',
    status: 4,
    arrange: async (harness, way) => {
      await saveFor(harness, way.profile, harness.sandbox.key);
      return { VAST_API_KEY: await harness.unknownKey() };
    },
  },
  {
    name: 'a VAST_API_KEY of two words',
    status: 2,
    arrange: async (harness, way) => {
      await saveFor(harness, way.profile, harness.sandbox.key);
      return { VAST_API_KEY: 'two words' };
    },
  },
  {
    name: 'a rejected key in VAST_API_KEY_FILE',
    status: 4,
    arrange: async (harness, way) => {
      await saveFor(harness, way.profile, harness.sandbox.key);
      return { VAST_API_KEY_FILE: await harness.home.write('secret', await harness.unknownKey()) };
    },
  },
  {
    name: 'a VAST_API_KEY_FILE that is not there',
    status: 9,
    arrange: async (harness, way) => {
      await saveFor(harness, way.profile, harness.sandbox.key);
      return { VAST_API_KEY_FILE: harness.home.at('nowhere') };
    },
  },
];

const MESSENGERS = [['show', 'user'], ['auth', 'status'], ['doctor']] as const;

/** The steps that make a key work again; the others show something. */
const HEALS = ['save-key', 'unset', 'start-over', 'migrate'];

describe.skipIf(process.platform === 'win32').concurrent('a command that a message advises', () => {
  const cases = [...STATES, ...GIVEN].flatMap((state) =>
    WAYS.filter((way) => !(GIVEN.includes(state) && byFlag(way))).flatMap((way, at) =>
      // Every messenger for the plain run and the flag; one of them, in turn, for the other ways.
      (at < 2 ? MESSENGERS : [MESSENGERS[at % 3] as (typeof MESSENGERS)[number]]).map(
        (messenger) => [messenger.join(' '), state.name, way.name, { messenger, state, way }] as const,
      ),
    ),
  );

  it.for(cases)(
    'of "%s" after %s, %s, makes the key of that profile work',
    async ([, , , one], { harness }) => {
      const { messenger, state, way } = one;
      const bystander = way.profile === 'default' ? 'work' : 'default';
      const shell = await shellOf(harness);
      await settle(harness, way);
      const { value: other } = await harness.addKey({ name: 'of another profile' });
      await saveFor(harness, bystander, other);
      for (const [name, text] of Object.entries(way.files ?? {})) await harness.home.write(name, text);
      const env = { ...way.env, ...(await state.arrange(harness, way)) };
      const asked = [...messenger, ...way.flags(harness)];
      const ran = await harness.vastai([...asked, '--json'], { env });
      expect(ran.status).toBe(
        messenger[0] === 'doctor' ? 10 : messenger[0] === 'auth' && state.status === 2 ? 9 : state.status,
      );
      const steps = stepsIn(ran.json());
      expect(steps.map(({ do: step }) => step).some((step) => HEALS.includes(step))).toBe(true);
      const heal = steps.find(({ do: step }) => HEALS.includes(step))?.command ?? '';
      // A person gets the same command.
      const forPerson = await harness.vastai(asked, { env });
      expect(`${forPerson.stdout}${forPerson.stderr}`).toContain(heal);
      const lines = `${heal}\nvastai show user ${way.flags(harness).join(' ')}`;
      const after = await shell(lines, { env, input: harness.sandbox.key });
      expect(after.status, `${heal}\n${after.output}`).toBe(0);
      expect(await harness.home.read(keyFile(bystander))).toBe(other);
    },
  );

  it.for(WAYS.filter((way) => !byFlag(way)).map((way) => [way.name, way] as const))(
    'uses the key of VAST_API_KEY, as the run %s did',
    async ([, way], { harness }) => {
      const shell = await shellOf(harness);
      await settle(harness, way);
      await saveFor(harness, way.profile, await harness.unknownKey());
      for (const [name, text] of Object.entries(way.files ?? {})) await harness.home.write(name, text);
      const env = { ...way.env, VAST_API_KEY: harness.sandbox.key };
      const missing = await harness.vastai(
        ['delete', 'api-key', '999999', '--yes', '--json', ...way.flags(harness)],
        { env },
      );
      expect(missing.status).toBe(6);
      const [list] = stepsIn(missing.json());
      const listed = await shell(list?.command ?? '', { env });
      expect(listed.status, listed.output).toBe(0);
      const create = ['create', 'api-key', '--name', 'ci', ...way.flags(harness)];
      const made = await harness.vastai(create, { env, printsKey: true });
      const [revoke = ''] = /vastai delete api-key .*/u.exec(made.stderr) ?? [];
      const revoked = await shell(`${revoke} --yes`, { env });
      expect(revoked.status, `${revoke}\n${revoked.output}`).toBe(0);
    },
  );
});

/** The saved key of a profile that a flag names goes before the variables. */
function byFlag(way: Way): boolean {
  return way.name.includes('--profile');
}

function keyFile(profile: string): string {
  return `.config/vastai/${profile === 'default' ? '' : `profiles/${profile}/`}vast_api_key`;
}

function saveFor(harness: Harness, profile: string, key: string): Promise<string> {
  return harness.home.write(keyFile(profile), key);
}

/** Writes what the settings say of both profiles: each belongs to the sandbox. */
async function settle({ home, sandbox }: Harness, way: Way, record: object = {}): Promise<void> {
  const { url } = sandbox;
  const profiles = { default: { storage: 'file', url }, work: { storage: 'file', url } };
  const current = way.current === undefined ? {} : { current: way.current };
  const settings = {
    version: 1,
    ...current,
    profiles: { ...profiles, [way.profile]: { storage: 'file', url, ...record } },
  };
  await home.write(SETTINGS, JSON.stringify(settings));
}

interface StepDocument {
  readonly do: string;
  readonly command?: string;
}

/** Finds every step in a document, wherever a message has them. */
function stepsIn(document: unknown): StepDocument[] {
  if (typeof document !== 'object' || document === null) return [];
  return Object.entries(document).flatMap(([name, value]) =>
    name === 'advice' ? (value as StepDocument[]) : stepsIn(value),
  );
}
