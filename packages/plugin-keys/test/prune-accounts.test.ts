import { ApiKey } from '@vastai-cli/core/internal/base/api-key';
import { thisProcess } from '@vastai-cli/core/internal/files/lock-holder';
import { fingerprintOf } from '@vastai-cli/core/internal/secrets/fingerprint';
import { it } from '@vastai-cli/testing/checkout/cli';
import { BIN } from '@vastai-cli/testing/checkout/paths';
import { createHarness, type Harness } from '@vastai-cli/testing/harness';
import { KEY_FILE, SETTINGS } from '@vastai-cli/testing/places';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { LEDGER } from './support/rotation.js';

/** The number of accounts. More take minutes: set the variable. */
const ACCOUNTS = Number(process.env.VASTAI_TEST_ACCOUNTS ?? 15);
const DAY = 86_400;
const now = () => Math.floor(Date.now() / 1000);

/** What holds a key in place, if anything does. */
const HOLDS = [
  'nothing',
  'profile, noted',
  'profile, not noted',
  'profile, stale note',
  'rotation',
  'rotation, by name',
  'running',
  'elsewhere',
  'system',
] as const;

const PERMISSIONS = {
  writes: { api: { instance_write: {}, user_read: {} } },
  reads: { api: { instance_read: {}, user_read: {} } },
} as const;

interface Planned {
  readonly hold: (typeof HOLDS)[number];
  readonly permissions: keyof typeof PERMISSIONS;
  readonly name: string;
  readonly createdDaysAgo: number;
  readonly usedDaysAgo: number | null;
  readonly expiresInDays: number | null;
}

interface Criteria {
  readonly unusedFor: number | null;
  readonly includeUnseen: boolean;
  readonly expired: boolean;
  readonly name: string | null;
}

const planned = fc.record<Planned>({
  hold: fc.constantFrom(...HOLDS, ...Array.from({ length: 6 }, () => 'nothing' as const)),
  permissions: fc.constantFrom('writes', 'reads'),
  name: fc.constantFrom('ci-1', 'ci-2', 'laptop'),
  createdDaysAgo: fc.integer({ min: 1, max: 200 }),
  usedDaysAgo: fc.option(fc.integer({ min: 1, max: 200 })),
  expiresInDays: fc.option(fc.integer({ min: -100, max: 100 })),
});
const criteria = fc
  .record<Criteria>({
    // The account's own key, which is new, is then not chosen.
    unusedFor: fc.option(fc.integer({ min: 1, max: 150 })),
    includeUnseen: fc.boolean(),
    expired: fc.boolean(),
    name: fc.constantFrom(null, '*', 'ci-*'),
  })
  .filter(({ unusedFor, expired }) => unusedFor !== null || expired);

/** Builds an account and a home. Returns the keys that the criteria choose, and those that have to stay. */
async function build(harness: Harness, keys: readonly Planned[], asked: Criteria) {
  const { addKey, sandbox, home, saveKey } = harness;
  await saveKey();
  const profiles: Record<string, object> = {};
  const entries: object[] = [];
  const chosen: number[] = [];
  const staying = new Set([40]);
  const self = await thisProcess();
  const maker = fingerprintOf(ApiKey.parse(sandbox.key) as ApiKey);
  const origin = sandbox.url;
  for (const [at, key] of keys.entries()) {
    const { hold, createdDaysAgo, usedDaysAgo, expiresInDays } = key;
    const byName = hold === 'rotation, by name';
    const name = byName ? `laptop ~${at}` : key.name;
    const { id, value } = await addKey({
      name,
      permissions: PERMISSIONS[key.permissions],
      createdAt: now() - createdDaysAgo * DAY,
      kind: hold === 'system' ? 'system' : 'user',
    });
    if (hold !== 'nothing') staying.add(id);
    const common = { entry: `e${at}`, origin, started: now() - 60 };
    const profile = `p${at}`;
    if (hold.startsWith('profile')) {
      const note =
        hold === 'profile, noted'
          ? { key_id: id, key_hash: fingerprintOf(ApiKey.parse(value) as ApiKey) }
          : {};
      const stale = hold === 'profile, stale note' ? { key_id: 40, key_hash: maker } : {};
      profiles[profile] = { storage: 'file', url: origin, ...note, ...stale };
      await home.write(`.config/vastai/profiles/${profile}/vast_api_key`, value);
    }
    const rotation = { ...common, kind: 'rotation', profile: null, storage: null };
    if (hold === 'rotation')
      entries.push({ ...rotation, old: { id, name }, new: { name: 'x' }, next: 'create' });
    if (byName)
      entries.push({ ...rotation, old: { id: 9_000 + at, name: null }, new: { name }, next: 'create' });
    const run = { ...common, kind: 'ephemeral', profile: null, name: `exec ${at}`, id, maker };
    if (hold === 'running') entries.push({ ...run, process: self });
    if (hold === 'elsewhere') entries.push({ ...run, process: { ...self, host: 'another' } });
    if (usedDaysAgo !== null) {
      const call = { ip_address: '192.0.2.1', api_route: '/api/v0/instances/5/', args: '{}' };
      sandbox.addAuditRows([{ ...call, api_key_id: id, created_at: now() - usedDaysAgo * DAY - 60 }]);
    }
    if (expiresInDays !== null) {
      const expires = now() + expiresInDays * DAY - 60;
      entries.push({ ...common, entry: `x${at}`, kind: 'expiry', id, name: 'ci', expires, maker });
    }
    const { unusedFor, includeUnseen, expired } = asked;
    const isNamed = asked.name !== 'ci-*' || name.startsWith('ci-');
    const isExpired = expired && expiresInDays !== null && expiresInDays <= 0;
    const isUnused = unusedFor !== null && usedDaysAgo !== null && usedDaysAgo >= unusedFor;
    const isUnseen =
      unusedFor !== null &&
      includeUnseen &&
      usedDaysAgo === null &&
      key.permissions === 'writes' &&
      createdDaysAgo > unusedFor;
    if (isNamed && (isExpired || isUnused || isUnseen)) chosen.push(id);
  }
  await home.write(SETTINGS, JSON.stringify({ version: 1, profiles }));
  await home.write(LEDGER, JSON.stringify({ version: 1, entries }));
  return { chosen, staying };
}

function argsFor({ unusedFor, includeUnseen, expired, name }: Criteria): string[] {
  return [
    ...['prune', 'api-keys', '--yes', '--json'],
    ...(unusedFor === null ? [] : ['--unused-for', `${unusedFor}d`]),
    ...(unusedFor !== null && includeUnseen ? ['--include-unseen'] : []),
    ...(expired ? ['--expired'] : []),
    ...(name === null ? [] : ['--name', name]),
  ];
}

describe('prune api-keys in random accounts', () => {
  it('deletes what was asked for, and nothing that must stay', { timeout: 20_000 * ACCOUNTS }, async () => {
    const account = fc.tuple(fc.array(planned, { minLength: 1, maxLength: 12 }), criteria);
    await fc.assert(
      fc.asyncProperty(account, async ([keys, asked]) => {
        const harness = await createHarness(BIN);
        try {
          const { chosen, staying } = await build(harness, keys, asked);
          const before = harness.sandbox
            .keys()
            .filter(({ revoked }) => !revoked)
            .map(({ id }) => id);
          const stored = await harness.home.read(KEY_FILE);
          const ran = await harness.vastai(argsFor(asked));
          const live = harness.sandbox
            .keys()
            .filter(({ revoked }) => !revoked)
            .map(({ id }) => id);
          const gone = before.filter((id) => !live.includes(id));
          expect([ran.status, ran.stderr]).toEqual([0, '']);
          expect(gone).toEqual(chosen.filter((id) => !staying.has(id)));
          const { deleted, kept } = ran.json();
          expect(deleted).toEqual(gone);
          expect(kept.map(({ id }: { id: number }) => id)).toEqual(chosen.filter((id) => staying.has(id)));
          expect(await harness.home.read(KEY_FILE)).toBe(stored);
        } finally {
          await harness.close();
        }
      }),
      { numRuns: ACCOUNTS, endOnFailure: true },
    );
  });
});
