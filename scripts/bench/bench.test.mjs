import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { lineOf, pageOf, quietness, verdict } from './report.mjs';
import { quartiles, ratios, spread } from './statistics.mjs';

const BENCH = fileURLToPath(new URL('../bench.mjs', import.meta.url));
const { node } = process.versions;
const [major] = node.split('.');
const bench = (...args) => spawnSync(process.execPath, [BENCH, ...args], { encoding: 'utf8' });

const title = 'The CLI of a checkout, Node 20.19.0';
const start = (median, more) => ({
  title,
  row: { what: '--version', against: 'node -e 0', atMost: 1.25 },
  takes: 50,
  yardstick: 40,
  ratio: { low: 1.2, median, high: 1.3 },
  spread: 0.05,
  asked: [0],
  ...more,
});
const processes = (takes) => ({ title, row: { what: 'set', of: 'processes', atMost: 2 }, takes, asked: [1] });

it('finds the quartiles of unsorted samples, and interpolates if necessary', () => {
  expect(quartiles([7])).toEqual({ low: 7, median: 7, high: 7 });
  expect(quartiles([4, 1, 3, 2])).toEqual({ low: 1.75, median: 2.5, high: 3.25 });
});

it('divides pair by pair, so that a slow phase cancels out', () => {
  const pairs = [1, 10, 1.5].map((slow) => ({ subject: 20 * slow, yardstick: 10 * slow }));
  expect(ratios(pairs)).toEqual({ low: 2, median: 2, high: 2 });
});

it('computes the spread from the middle half', () => {
  expect(spread([10, 10, 10, 10, 1000])).toBe(0);
  expect(spread([10, 20, 30, 40, 50])).toBeCloseTo(20 / 30);
});

it('checks the printed figures and the number of requests', () => {
  expect([1.25, 1.254, 1.256].map((ratio) => verdict(start(ratio)))).toEqual(['ok', 'ok', 'MISSED']);
  expect([2, 3].map((count) => verdict(processes(count)))).toEqual(['ok', 'MISSED']);
  expect(verdict(start(1, { asked: [0, 1] }))).toBe('MISSED (requests: 0, 1)');
});

it('prints a line for each row', () => {
  expect(lineOf(start(1.25))).toBe('ok      --version: 1.25 × node -e 0 (50.0 ms ÷ 40.0 ms); at most 1.25');
  expect(lineOf(processes(3))).toBe('MISSED  set: 3; at most 2');
});

it('judges what must not be less, and shows what has no limit', () => {
  const rate = (takes) => ({
    title,
    row: { what: 'requests', broker: 'rate', atLeast: 1500 },
    takes,
    asked: [],
  });
  expect([1500, 1499].map((takes) => verdict(rate(takes)))).toEqual(['ok', 'MISSED']);
  expect(lineOf(rate(1234.5))).toBe('MISSED  requests: 1235/s; at least 1500');
  const memory = { title, row: { what: 'memory', broker: 'memory' }, takes: 900, asked: [] };
  expect(lineOf(memory)).toBe('ok      memory: 900 MiB');
});

it('calls a machine quiet only if the load is low and Node starts steadily', () => {
  expect(quietness([start(1), processes(2)], 0.9, 2)).toContain('quiet: load 0.9 on 2 cores');
  expect(quietness([start(1)], 1.1, 2)).toContain('BUSY');
  expect(quietness([start(1), start(1, { spread: 0.2 })], 0, 2)).toMatch(/BUSY.* varied by 20%/u);
});

it('fills in the page', () => {
  const page = pageOf([start(1.25), processes(2)], 'It was quiet.');
  expect(page).toContain('\n\nIt was quiet.\n\n');
  expect(page).toContain('| --version | 50.0 ms | node -e 0 | 40.0 ms | 1.25 | 1.20 to 1.30 | 1.25 | ok |');
  expect(page).not.toContain('{{');
});

it('measures a row of this checkout', () => {
  const only = `of a checkout, Node ${node}: --version`;
  const { stdout, stderr, status } = bench('--pairs=1', `--node=${major}`, `--only=${only}`);
  expect(stderr).toBe('');
  expect(status).toBe(stdout.includes('MISSED') ? 1 : 0);
  expect(stdout).toMatch(/^(?:ok|MISSED) +--version: \d+\.\d\d × node -e 0 /mu);
});

const WRONG = ['--pairs=0', '--node=x', '--page --only=help', `--node=${major} --only=nothing`, 'more'];
it.for(WRONG)('explains its options to %j', (typed) => {
  const stderr = expect.stringContaining('--pairs N');
  expect(bench(...typed.split(' '))).toMatchObject({ status: 2, stdout: '', stderr });
});
