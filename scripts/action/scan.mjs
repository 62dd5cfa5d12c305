// Finds leaked keys in the files of a checkout, and in the commits since the base: annotates them and writes SARIF. Ends
// with the exit status of `scan`.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { baseOf, findCommit } from './changed-files.mjs';
import { annotate, log, readEvent, setOutput } from './runner.mjs';

const { INPUT_BASE, INPUT_SCAN_BASELINE, INPUT_SCAN_SARIF_FILE, VASTAI_SCRIPT } = process.env;
const BASELINE = INPUT_SCAN_BASELINE ? [`--baseline=${INPUT_SCAN_BASELINE}`] : [];
try {
  process.exitCode = scan();
} catch (error) {
  // Such as a SARIF file that cannot be written.
  annotate('error', error.message.trim());
  process.exitCode = 2;
}

function scan() {
  const statuses = [annotated([])];
  if (INPUT_SCAN_SARIF_FILE) {
    const { stdout } = vastai(['--format=sarif']);
    if (stdout !== '') {
      writeFileSync(INPUT_SCAN_SARIF_FILE, stdout);
      setOutput('sarif', INPUT_SCAN_SARIF_FILE);
    }
  }
  const range = rangeOf(baseOf(INPUT_BASE, readEvent()));
  if (range !== undefined) statuses.push(annotated([`--git=${range}`]));
  const status = statuses.find((one) => one !== 0) ?? 0;
  setOutput('status', status);
  return status;
}

/** Returns the commits since the base: a key that a later commit removed is public all the same. */
function rangeOf(named) {
  if (named === undefined) return undefined;
  const base = findCommit(named);
  if (base !== undefined) return `${base}..HEAD`;
  annotate(
    'warning',
    `Cannot scan the commits: commit ${named} is not in this checkout. Set fetch-depth: 0 for actions/checkout.`,
  );
  return undefined;
}

function annotated(args) {
  const { status, stdout, stderr } = vastai(['--format=github', ...args]);
  for (const line of stdout.split('\n').filter((one) => one.startsWith('::error file='))) console.log(line);
  log(stderr);
  return status ?? 1;
}

function vastai(args) {
  const ran = spawnSync(process.execPath, [VASTAI_SCRIPT, 'scan', ...BASELINE, ...args], {
    encoding: 'utf8',
    env: { ...process.env, CI: 'true', NO_COLOR: '1' },
    maxBuffer: Number.POSITIVE_INFINITY,
  });
  if (ran.error !== undefined) throw ran.error;
  return ran;
}
