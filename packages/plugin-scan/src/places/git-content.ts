import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { newSalt } from '@vastai-cli/leak-scan';
import type { Collected, Found } from '../keys/collected.js';
import type { Breath } from './breath.js';
import { type Git, startGit } from './git.js';
import { readBlobs } from './git-blobs.js';
import { type Change, COMMIT_FORMAT, readChanges } from './git-changes.js';

/** Makes `git diff` and `git log` print whole object names and paths, whatever the settings of the repository are. */
const RAW = [
  '--raw',
  '-z',
  '--no-abbrev',
  '--no-color',
  '--no-ext-diff',
  '--no-relative',
  '--no-renames',
  '--no-textconv',
  '--diff-filter=d',
  '--ignore-submodules=all',
];

/** Looks for keys in what is staged, as it would be committed. The files themselves may be something else by now. */
export async function scanStaged(into: Collected, breath: Breath, signal: AbortSignal): Promise<void> {
  await scanChanges(startGit(['diff', '--cached', ...RAW], signal), into, breath, signal);
}

/**
 * Looks for keys in commits, from the oldest on: in each content once, and where a key stays in a file from commit to commit,
 * in the first.
 *
 * @param range `A..B`, or a revision
 * @throws UsageError if git does not know the revisions
 */
export async function scanHistory(
  range: string,
  into: Collected,
  breath: Breath,
  signal: AbortSignal,
): Promise<void> {
  // With a colon it would be a file, which has no commits.
  if (range === '' || range.startsWith('-') || /[\0:]/u.test(range)) {
    throw new UsageError('--git takes two revisions, such as main..HEAD, or one.');
  }
  const log = [
    'log',
    '--reverse',
    '--root',
    '-c',
    ...RAW,
    '--no-show-signature',
    `--format=${COMMIT_FORMAT}`,
  ];
  await scanChanges(startGit([...log, '--end-of-options', range, '--'], signal), into, breath, signal);
}

async function scanChanges(list: Git, into: Collected, breath: Breath, signal: AbortSignal): Promise<void> {
  list.stdin.end();
  const keys = new FirstPlaces();
  try {
    for await (const { change, bytes } of readBlobs(newContents(list), signal)) {
      const { path, commit } = change;
      const origin = { path, lasting: path, ...(commit === undefined ? {} : { commit }) };
      const before = into.found.length;
      if (typeof bytes === 'string') into.skip(origin, bytes);
      else into.take(origin, bytes);
      into.found.push(...keys.newAmong(into.found.splice(before)));
      await breath.take();
    }
  } finally {
    list.stop();
  }
}

/** Lists changes whose content was not listed before. */
async function* newContents(list: Git): AsyncGenerator<Change[]> {
  const seen = new Set<string>();
  for await (const part of readChanges(list)) {
    yield part.filter(({ id }) => {
      if (seen.has(id)) return false;
      seen.add(id);
      return true;
    });
  }
  await list.ended();
}

/** Remembers which key was found in which file. */
class FirstPlaces {
  readonly #salt = newSalt();
  readonly #known = new Map<string, Set<string>>();

  /** Returns those of the keys of one content that no earlier content of the same file had. */
  newAmong(found: readonly Found[]): Found[] {
    const isNew = found.filter(
      ({ path, key }) => this.#known.get(path)?.has(key.fingerprint(this.#salt)) !== true,
    );
    for (const { path, key } of isNew) {
      const keys = this.#known.get(path) ?? new Set();
      this.#known.set(path, keys.add(key.fingerprint(this.#salt)));
    }
    return isNew;
  }
}
