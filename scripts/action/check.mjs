// Checks the permission files of a checkout: annotates findings, writes SARIF, and reports what the changed files allow.
// Ends with the exit status of `permissions validate`.
import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { baseOf, changedFiles, findCommit, isIn, trackedFiles } from './changed-files.mjs';
import { formatReport } from './report.mjs';
import { addSummary, annotate, log, readEvent, setOutput } from './runner.mjs';

const {
  INPUT_FILES = '',
  INPUT_FAIL_ON,
  INPUT_FAIL_LEVEL,
  INPUT_BASE,
  INPUT_SARIF_FILE,
  VASTAI_SCRIPT,
} = process.env;
try {
  process.exitCode = check();
} catch (error) {
  // Such as a pathspec that git refuses, or a SARIF file that cannot be written. A stack trace says nothing in a workflow.
  process.exitCode = refuse(error.message.trim());
}

function check() {
  const patterns = INPUT_FILES.split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  // Without a pattern, git would list every file.
  if (patterns.length === 0) return refuse('files: name the permission files to check.');
  const files = trackedFiles(patterns).filter(
    (file) => lstatSync(file, { throwIfNoEntry: false }) !== undefined,
  );
  // A misspelled pattern must not look like a check that passed.
  if (files.length === 0) return refuse('files: no file of the repository matches.');
  const odd = files.find((file) => !lstatSync(file).isFile());
  // A link could show a file of the runner in a comment.
  if (odd !== undefined) return refuse(`${odd}: not a regular file. Commit the file itself, not a link.`);

  const status = validate(files);
  const changed = describeChanges(patterns);
  const report = formatReport(changed);
  addSummary(report);
  const folder = mkdtempSync(join(process.env.RUNNER_TEMP || tmpdir(), 'vastai-'));
  writeFileSync(join(folder, 'report.md'), report);
  setOutput('report', join(folder, 'report.md'));
  setOutput('changed', changed.length);
  setOutput('status', status);
  return status;
}

function validate(files) {
  const flags = [
    ...(INPUT_FAIL_ON ? [`--fail-on=${INPUT_FAIL_ON}`] : []),
    ...(INPUT_FAIL_LEVEL ? [`--fail-level=${INPUT_FAIL_LEVEL}`] : []),
  ];
  const run = (format) => vastai(['validate', `--format=${format}`, ...flags, ...files.map(asFile)]);
  const { status, stdout, stderr } = run('github');
  const isFinding = (line) => /^::(?:error|warning|notice) file=/u.test(line);
  for (const line of stdout.split('\n').filter(isFinding)) console.log(line);
  log(stderr);
  if (INPUT_SARIF_FILE) {
    const sarif = run('sarif').stdout;
    if (sarif !== '') {
      writeFileSync(INPUT_SARIF_FILE, sarif);
      setOutput('sarif', INPUT_SARIF_FILE);
    }
  }
  return status ?? 1;
}

function describeChanges(patterns) {
  const named = baseOf(INPUT_BASE, readEvent());
  if (named === undefined) return [];
  const base = findCommit(named);
  if (base === undefined) {
    annotate(
      'warning',
      `Cannot compare: commit ${named} is not in this checkout. Set fetch-depth: 0 for actions/checkout.`,
    );
    return [];
  }
  return changedFiles(base, patterns).map((name) => describeChange(base, name));
}

function describeChange(base, name) {
  if (!existsSync(name)) return { name, state: 'removed', explanation: '', diff: '' };
  const explanation = textOf(['explain', '--short', asFile(name)]);
  if (!isIn(base, name)) return { name, state: 'new', explanation, diff: '' };
  return {
    name,
    state: 'changed',
    explanation,
    diff: textOf(['diff', `git:${base}:./${name}`, asFile(name)]),
  };
}

/** Returns the result, or the reason why there is none, such as a file that is not JSON. */
function textOf(args) {
  const { stdout, stderr } = vastai(args);
  return stdout || stderr;
}

/** Keeps a file whose name looks like a flag, key:1 or preset:host a file. */
function asFile(name) {
  return /^-|:/u.test(name) ? `./${name}` : name;
}

function vastai(args) {
  const ran = spawnSync(process.execPath, [VASTAI_SCRIPT, 'permissions', ...args], {
    encoding: 'utf8',
    env: { ...process.env, CI: 'true', NO_COLOR: '1' },
    maxBuffer: Number.POSITIVE_INFINITY,
  });
  // Such as too many files for one command line.
  if (ran.error !== undefined) throw ran.error;
  return ran;
}

function refuse(message) {
  annotate('error', message);
  return 2;
}
