// Lets tests see mutants in the processes that they start. All mutants are in the code, and the one to be tried is on:
// in the test's own process by a global, in another one by a variable, which is passed on here. The other way round,
// a process tells which mutants it came by, so that only the tests that can notice a mutant are run for it.
import { ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

const RECORDER = fileURLToPath(new URL('record-coverage.cjs', import.meta.url));
const stryker = globalThis.__stryker__;
const folder = mkdtempSync(join(tmpdir(), 'vastai-mutants-'));
const tests = [];

const { spawn } = ChildProcess.prototype;
ChildProcess.prototype.spawn = function (options) {
  return spawn.call(this, { ...options, envPairs: [...options.envPairs, ...variables()] });
};

function variables() {
  if (stryker.activeMutant !== undefined) return [`__STRYKER_ACTIVE_MUTANT__=${stryker.activeMutant}`];
  if (stryker.currentTestId === undefined) return [];
  if (!tests.includes(stryker.currentTestId)) tests.push(stryker.currentTestId);
  const file = join(folder, String(tests.indexOf(stryker.currentTestId)));
  return [`NODE_OPTIONS=--require "${RECORDER}"`, `VASTAI_MUTATE_COVERAGE=${file}`];
}

afterAll(() => {
  ChildProcess.prototype.spawn = spawn;
  for (const file of readdirSync(folder)) {
    stryker.mutantCoverage ??= { static: {}, perTest: {} };
    const { perTest } = stryker.mutantCoverage;
    const test = tests[Number(file)];
    perTest[test] ??= {};
    for (const id of readFileSync(join(folder, file), 'utf8').trim().split('\n')) perTest[test][id] ??= 1;
  }
  rmSync(folder, { recursive: true });
});
