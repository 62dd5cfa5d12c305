// Finds the permission files of a checkout, and those that differ from a commit. git prints names that end with NUL, so
// that any name is read as it is.
import { spawnSync } from 'node:child_process';

/** Lists the tracked files that match the pathspecs. @throws Error if git refuses them */
export function trackedFiles(patterns) {
  return [...new Set(namesFrom(['ls-files', '-z', '--', ...patterns]))];
}

/** Lists the matching files that differ from the commit, those that it alone has included. */
export function changedFiles(commit, patterns) {
  return namesFrom([
    'diff',
    '--no-ext-diff',
    '--no-renames',
    '--name-only',
    '--relative',
    '-z',
    commit,
    '--',
    ...patterns,
  ]);
}

/** Tells whether the commit has the file. */
export function isIn(commit, file) {
  return git(['cat-file', '-e', `${commit}:./${file}`]).status === 0;
}

/** Returns the commit to compare with: the one given, the base of the pull request, or the one before the push. */
export function baseOf(given, event) {
  const named = given || event.pull_request?.base?.sha || event.before || '';
  // A new branch has no commit before.
  return typeof named === 'string' && !/^0*$/u.test(named) ? named : undefined;
}

/** Returns the full id of a commit, fetching it if the checkout is shallow; `undefined` if it cannot be found. */
export function findCommit(named) {
  const find = () =>
    git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${named}^{commit}`]).stdout.trim();
  const found = find();
  if (found !== '' || !/^[0-9a-f]{40,64}$/u.test(named)) return found || undefined;
  git(['fetch', '--quiet', '--no-tags', '--depth=1', 'origin', named]);
  return find() || undefined;
}

function namesFrom(args) {
  const { status, stdout, stderr } = git(args);
  if (status !== 0) throw new Error(stderr);
  return stdout.split('\0').filter((name) => name !== '');
}

function git(args) {
  return spawnSync('git', args, {
    encoding: 'utf8',
    env: { ...process.env, GIT_TERMINAL_PROMPT: '0' },
    maxBuffer: Number.POSITIVE_INFINITY,
  });
}
