import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const BENCH = fileURLToPath(new URL('../bench.mjs', import.meta.url));
/** Fails where something of whoever measures gets through. */
const LEAKS =
  "process.exit(process.env.NODE_EXTRA_CA_CERTS || process.env.VAST_API_KEY.includes('user') ? 1 : 0)";
const PATIENCE_MS = 240_000;

const bench = (...args) =>
  spawnSync(process.execPath, [BENCH, ...args], {
    encoding: 'utf8',
    env: { ...process.env, VAST_API_KEY: 'one of the user', NODE_EXTRA_CA_CERTS: BENCH },
  });

describe('a short run of the bench', () => {
  let out;
  let ran;

  beforeAll(async () => {
    out = await mkdtemp(join(tmpdir(), 'vastai-bench-out-'));
    const yardstick = fileURLToPath(new URL('yardstick.cjs', import.meta.url));
    const peers = [`"${process.execPath}" "${yardstick}"`, `"${process.execPath}" -e "${LEAKS}"`];
    const only = ['--only', 'checkout', '--node', process.execPath];
    ran = bench('--runs', '2', ...only, '--out', out, ...peers.flatMap((peer) => ['--peer', peer]));
  }, PATIENCE_MS);

  afterAll(() => rm(out, { recursive: true, force: true }));

  it('has a verdict on every row, whatever the machine is doing', () => {
    expect(ran.stderr).not.toContain('The bench failed');
    const rows = ran.stdout.match(/(?:reaches the aim|within the limit|MISSES THE LIMIT)$/gmu);
    expect(rows?.length).toBeGreaterThanOrEqual(6);
    expect(ran.status).toBe(rows?.includes('MISSES THE LIMIT') ? 1 : 0);
  });

  it('counts one request over one connection', async () => {
    expect(ran.stdout).not.toMatch(/requests? over/u);
    expect(await readFile(join(out, 'performance.md'), 'utf8')).toContain(
      'one request over one TCP connection',
    );
  });

  it('measures a peer against what does the same, in an environment of its own', () => {
    expect(ran.stdout).toMatch(/^node\S* -e process\.exit.* node -e 0 /mu);
    expect(ran.stdout).toMatch(/^node\S* yardstick\.cjs .* the bare script /mu);
  });

  it('writes nothing that is of this machine alone, and no key', async () => {
    for (const name of ['performance.md', 'performance.svg']) {
      const text = await readFile(join(out, name), 'utf8');
      for (const own of [process.execPath, out, 'vastai-bench-']) expect(text).not.toContain(own);
      expect(text).not.toMatch(/[0-9a-f]{64}/u);
    }
    expect(`${ran.stdout}${ran.stderr}`).not.toMatch(/[0-9a-f]{64}/u);
  });
});

it('explains its options when one is wrong, and measures nothing', () => {
  const { status, stdout, stderr } = bench('--run', '3');
  expect(status).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toContain('--runs N');
});

it('says which program is no Node', () => {
  const { status, stderr } = bench('--only', 'checkout', '--node', '/nowhere/node');
  expect(status).toBe(1);
  expect(stderr).toContain('/nowhere/node is no Node.js that can be started.');
});
