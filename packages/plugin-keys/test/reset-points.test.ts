import { chmod } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AS_ANYBODY } from '@vastai-cli/testing/as-anybody';
import { BIN } from '@vastai-cli/testing/checkout/paths';
import { eachOf } from '@vastai-cli/testing/each-of';
import { createHarness, type Harness } from '@vastai-cli/testing/harness';
import { KEY_FILE } from '@vastai-cli/testing/places';
import { recordKey } from '@vastai-cli/testing/transcript';
import { describe, expect, it } from 'vitest';
import { idOf, left } from './support/rotation.js';
import { unsavedKeys } from './support/unsaved-keys.js';

const PUT = 'PUT /api/v0/commands/reset_apikey/';
const HOUR_MS = 3_600_000;

interface Point {
  readonly name: string;
  readonly fault: Parameters<Harness['sandbox']['fault']>[1];
  readonly kills?: true;
  readonly isReadOnly?: true;
}

const POINTS: readonly Point[] = [
  { name: 'killed before', fault: { kind: 'latency', ms: HOUR_MS }, kills: true },
  { name: 'killed after', fault: { kind: 'latency', ms: HOUR_MS, acts: true }, kills: true },
  { name: 'connection lost before', fault: { kind: 'drop' } },
  { name: 'connection lost after', fault: { kind: 'drop', acts: true } },
  { name: '429', fault: { kind: 'answer', status: 429, body: 'endpoint threshold=0.01' } },
  { name: '502 before', fault: { kind: 'answer', status: 502, body: 'Bad Gateway' } },
  { name: '502 after', fault: { kind: 'answer', status: 502, body: 'Bad Gateway', acts: true } },
  { name: 'HTML after', fault: { kind: 'junk', acts: true } },
  { name: 'half a response', fault: { kind: 'truncate' } },
  {
    name: 'the folder becomes read-only',
    fault: { kind: 'latency', ms: 2500, acts: true },
    isReadOnly: true,
  },
];

/** Resets, lets the point happen, and returns what the commands after it say, in words. */
async function resetThrough(point: Point): Promise<string> {
  const harness = await createHarness(BIN);
  try {
    await harness.saveKey();
    const status = await reset(harness, point);
    const stored = (await harness.home.read(KEY_FILE)) ?? '';
    await recordKey(stored);
    const works = (await idOf(harness, stored)) !== undefined;
    // Success means that the stored key works. The one exception prints it.
    if (status === '0') expect(works, point.name).toBe(true);
    const kept = (await unsavedKeys(harness)).length;
    const open = (await left(harness)).length;
    const next = await harness.vastai(['show', 'user']);
    const offline = await harness.vastai(['auth', 'status', '--offline']);
    expect(next.status === 0, point.name).toBe(works);
    // The state is told by the next command, and without asking the API too.
    const tells = /A reset of this key was started|A reset was interrupted/u.test(next.stderr);
    const wasTold = status === '9';
    if (!works && !wasTold) expect([point.name, tells]).toEqual([point.name, true]);
    expect([point.name, offline.stdout.includes('A reset of the key was started')]).toEqual([
      point.name,
      open > 0,
    ]);
    const key = works ? 'the stored key works' : 'the stored key is refused';
    return `${point.name}: ${status}; ${key}; open: ${open}; files: ${kept}; next says so: ${tells}`;
  } finally {
    await harness.close();
  }
}

async function reset(harness: Harness, point: Point): Promise<string> {
  const { start, sandbox, home, asked } = harness;
  sandbox.fault(PUT, point.fault);
  const run = start(['reset', 'api-key', '--yes'], {
    through: AS_ANYBODY,
    printsKey: point.isReadOnly === true,
  });
  if (point.kills || point.isReadOnly) {
    await expect.poll(asked, { timeout: 20_000 }).toContain(PUT);
    if ('acts' in point.fault && point.fault.acts) {
      const known = () => idOf(harness, sandbox.key);
      await expect.poll(known, { timeout: 20_000 }).toBeUndefined();
    }
  }
  const folder = dirname(home.at(KEY_FILE));
  if (point.isReadOnly) await chmod(folder, 0o500);
  if (point.kills) run.kill('SIGKILL');
  const ran = await run.ended;
  if (point.isReadOnly) {
    await chmod(folder, 0o700);
    await recordKey(ran.stdout.trim());
  }
  return point.kills ? 'killed' : String(ran.status);
}

describe.runIf(process.platform === 'linux')('a reset that something happens to', () => {
  it('never ends well with a stored key that is refused, and the next command says so', {
    timeout: 300_000,
  }, async () => {
    const rows = await eachOf(POINTS, resetThrough);
    await expect(`${rows.join('\n')}\n`).toMatchFileSnapshot('reset-points/file.txt');
  });
});
