import { describe, expect, it } from 'vitest';
import { useHome } from '../../../test/support/home.js';
import { dayOf } from '../../base/server-time.js';
import type { RotationEntry } from '../ledger/entries.js';
import { changeLedger, ledgerTime } from '../ledger/ledger.js';
import { openRotations, rotationProblems } from './open-rotations.js';

const home = useHome();
const DAY = 86_400;

const rotation = (more: Partial<RotationEntry> = {}): RotationEntry => ({
  kind: 'rotation',
  entry: `entry-${more.profile ?? 'none'}`,
  origin: 'https://console.vast.ai',
  profile: 'default',
  storage: 'file',
  old: { id: 42, name: 'laptop' },
  new: { name: 'laptop ~k3f9' },
  next: 'delete',
  started: ledgerTime(),
  ...more,
});

async function note(...entries: RotationEntry[]): Promise<void> {
  await changeLedger(await home.context(), () => entries);
}

const resume = { do: 'rotate-key', how: 'resume' };
const finish = { do: 'rotate-key', how: 'finish' };

describe('an open rotation', () => {
  it.each([
    [
      'is not finished before the new key is saved',
      { next: 'create' },
      'The rotation of API key 42 "laptop" is not finished.',
      'rotation_open',
      { ...resume, profile: 'default' },
    ],
    [
      'is not finished while the new key is being saved, whatever the grace period',
      { next: 'store', finish_after: 1, profile: 'work' },
      'The rotation of API key 42 "laptop" of profile "work" is not finished.',
      'rotation_open',
      { ...resume, profile: 'work' },
    ],
    [
      'has an old key left, which may have no name',
      { old: { id: 42, name: null } },
      'API key 42 was replaced, but not deleted.',
      'rotation_open',
      { ...finish, profile: 'default' },
    ],
    [
      'may be of a key that no profile has',
      { profile: null, storage: null },
      'API key 42 "laptop" was replaced, but not deleted.',
      'rotation_open',
      { ...finish, id: 42 },
    ],
  ] as const)('%s', async (_, more, message, code, step) => {
    const entry = rotation(more);
    await note(entry);
    const problem = { code, message, fix: [step] };
    expect(await openRotations(home.paths)).toEqual([{ entry, isKept: false, problem }]);
  });

  it('keeps the old key for the grace period, and no longer', async () => {
    const until = ledgerTime() + DAY;
    await note(rotation({ finish_after: until }));
    const replaced = 'API key 42 "laptop" was replaced, and still works.';
    expect(await openRotations(home.paths)).toMatchObject([
      {
        isKept: true,
        problem: { code: 'rotation_kept', message: `${replaced} It is kept until ${dayOf(until)}.` },
      },
    ]);
    const over = ledgerTime() - DAY;
    await note(rotation({ finish_after: over }));
    expect(await openRotations(home.paths)).toMatchObject([
      {
        isKept: false,
        problem: {
          code: 'rotation_due',
          message: `${replaced} It was to be kept until ${dayOf(over)}.`,
          fix: [{ ...finish, profile: 'default' }],
        },
      },
    ]);
  });

  it('removes terminal sequences from the name of a key', async () => {
    await note(rotation({ old: { id: 42, name: 'a\u001b[2Jb' } }));
    expect((await openRotations(home.paths))[0]?.problem.message).toBe(
      'API key 42 "ab" was replaced, but not deleted.',
    );
  });

  it('concerns its profile, or every profile if it has none', async () => {
    await note(
      rotation({ profile: 'default' }),
      rotation({ profile: 'work', old: { id: 43, name: null } }),
      rotation({ profile: null, storage: null, old: { id: 44, name: null } }),
    );
    const idsFor = async (profile: string) =>
      (await rotationProblems(home.paths, profile)).map(({ message }) => /\d+/u.exec(message)?.[0]);
    expect(await idsFor('default')).toEqual(['42', '44']);
    expect(await idsFor('work')).toEqual(['43', '44']);
    expect(await idsFor('other')).toEqual(['44']);
    expect(await openRotations(home.paths)).toHaveLength(3);
  });

  it('is unknown if the ledger cannot be read, which is a problem of its own', async () => {
    home.put(home.paths.ledgerFile, '{');
    expect(await rotationProblems(home.paths, 'default')).toEqual([
      {
        code: 'ledger',
        message: `${home.paths.ledgerFile} is not valid JSON.`,
        fix: [
          {
            do: 'say',
            text: 'It contains no keys, but lists the keys that vastai still has to delete. Correct it, or move it away.',
          },
        ],
      },
    ]);
    await expect(openRotations(home.paths)).rejects.toMatchObject({ code: 'storage' });
    const bug = { ...home.paths, ledgerFile: 7 as unknown as string };
    await expect(rotationProblems(bug, 'default')).rejects.toThrow(TypeError);
  });
});
