import { setTimeout as sleep } from 'node:timers/promises';
import { it } from '@vastai-cli/testing/checkout/cli';
import { BIN } from '@vastai-cli/testing/checkout/paths';
import { createHarness, type Harness } from '@vastai-cli/testing/harness';
import { canOpenTerminal } from '@vastai-cli/testing/terminal-session';
import { describe, expect } from 'vitest';
import { leftOnScreen } from './support/screen.js';

const ROUTE = 'DELETE /api/v0/auth/apikeys/{id}/';
const route = (id: number) => `DELETE /api/v0/auth/apikeys/${id}/`;
const tooFrequent = (seconds: number) =>
  ({ kind: 'answer', status: 429, body: { detail: `threshold=${seconds}` } }) as const;
const rejected = {
  kind: 'answer',
  status: 401,
  body: { success: false, error: 'auth_error', msg: 'Invalid user key' },
} as const;

/** Adds keys with ids from 42. Returns the arguments that delete them. */
async function deletionOf(count: number, { addKey, saveKey }: Harness): Promise<string[]> {
  await saveKey();
  const ids: number[] = [];
  for (let at = 0; at < count; at += 1) ids.push((await addKey({ name: `key ${at}` })).id);
  return ['delete', 'api-key', ...ids.map(String), '--yes'];
}

describe.concurrent('delete api-key with many ids', () => {
  it('keeps the interval that the API enforces and misses no key', async ({ onTestFinished }) => {
    const harness = await createHarness(BIN, { rateLimits: { [ROUTE]: 0.4 } });
    onTestFinished(() => harness.close());
    const ran = await harness.vastai([...(await deletionOf(8, harness)), '--json']);
    expect(ran.status).toBe(0);
    expect(ran.stderr).toBe('');
    expect(ran.json().deleted).toEqual([42, 43, 44, 45, 46, 47, 48, 49]);
    const carriedOut = harness.sandbox.requests.filter(({ status }) => status === 200);
    expect(carriedOut).toHaveLength(8);
  });

  it('sends one request too early, to learn the interval, and no other', async ({ harness }) => {
    const { vastai, sandbox, asked } = harness;
    const args = await deletionOf(5, harness);
    sandbox.fault(route(43), tooFrequent(0.3));
    expect((await vastai(args)).status).toBe(0);
    expect(asked()).toEqual([42, 43, 43, 44, 45, 46].map(route));
  });

  it('shows no progress without a terminal', async ({ harness }) => {
    const { vastai, sandbox } = harness;
    const args = await deletionOf(3, harness);
    sandbox.fault(route(43), tooFrequent(1.2));
    const ran = await vastai(args);
    expect(ran.stdout).toBe('Deleted API key 42\nDeleted API key 43\nDeleted API key 44\n');
    expect(ran.stderr).toBe('');
  });

  it('continues after errors about single ids', async ({ harness }) => {
    const { vastai, sandbox } = harness;
    const args = await deletionOf(5, harness);
    for (const id of [42, 43]) {
      const body = { success: false, error: 'auth_error', msg: 'API key belongs to another user.' };
      sandbox.fault(route(id), { kind: 'answer', status: 403, body });
    }
    for (const id of [44, 45])
      sandbox.fault(route(id), { kind: 'answer', status: 400, body: { msg: 'No.' } });
    const ran = await vastai([...args, '--json']);
    expect(ran.status).toBe(5);
    expect(ran.json()).toMatchObject({ deleted: [46], failed: [42, 43, 44, 45].map((id) => ({ id })) });
    expect(ran.json()).not.toHaveProperty('not_tried');
  });

  it('tries all ids even if some fail, and finishes in a second run', async ({ harness }) => {
    const { vastai, sandbox, asked } = harness;
    const args = await deletionOf(6, harness);
    for (const id of [43, 44]) sandbox.fault(route(id), { kind: 'drop', acts: id === 43 });
    sandbox.fault(route(45), rejected);
    const ran = await vastai(args);
    expect(ran.status).toBe(8);
    expect(ran.stdout).toBe('Deleted API key 42\nDeleted API key 46\nDeleted API key 47\n');
    expect(ran.stderr).toContain('Error: API key 43 may have been deleted.');
    expect(ran.stderr).toContain('Warning: API key 44 may have been deleted.');
    expect(ran.stderr).toContain('Warning: API key 45 was not deleted.');
    expect(asked()).toEqual([42, 43, 44, 45, 46, 47].map(route));
    const again = await vastai([...args, '--json']);
    expect(again.status).toBe(0);
    expect(again.json()).toEqual({ deleted: [44, 45], absent: [42, 43, 46, 47], failed: [] });
  });

  it.skipIf(process.platform === 'win32')(
    'reports a key whose deletion is confirmed right after an interruption',
    async ({ harness, expect }) => {
      const { start, sandbox, asked } = harness;
      const args = await deletionOf(3, harness);
      sandbox.fault(route(43), { kind: 'latency', ms: 100 });
      const run = start(args);
      await expect.poll(asked, { timeout: 20_000, interval: 5 }).toHaveLength(2);
      run.kill('SIGINT');
      const ran = await run.ended;
      expect(ran.status).toBe(130);
      expect(ran.stdout).toBe('Deleted API key 42\nDeleted API key 43\n');
      expect(ran.stderr).toContain('Warning: Not tried: 44\n');
      expect(asked()).toHaveLength(2);
    },
  );

  it.skipIf(process.platform === 'win32')(
    'reports to a script what an interruption left, and finishes in a second run',
    async ({ harness, expect }) => {
      const { start, vastai, sandbox, asked } = harness;
      const args = [...(await deletionOf(5, harness)), '--json'];
      sandbox.fault(route(42), { kind: 'answer', status: 400, body: { msg: 'Not now.' } });
      sandbox.fault(route(44), tooFrequent(30));
      const run = start(args);
      await expect.poll(asked, { timeout: 20_000 }).toHaveLength(3);
      await sleep(300);
      run.kill('SIGINT');
      const ran = await run.ended;
      expect(ran.status).toBe(130);
      expect(ran.stderr).toBe('');
      expect(ran.json()).toMatchObject({
        error: {
          code: 'interrupted',
          message: 'Interrupted: 1 of 5 API keys are gone, 3 not tried.',
        },
        deleted: [43],
        absent: [],
        failed: [{ id: 42, error: { code: 'api_error' } }],
        not_tried: [44, 45, 46],
      });
      const again = await vastai(args);
      expect(again.status).toBe(0);
      expect(again.json()).toEqual({ deleted: [42, 44, 45, 46], absent: [43], failed: [] });
    },
  );

  it.skipIf(process.platform === 'win32')(
    'counts a missing key as gone and warns about every failure when interrupted',
    async ({ harness, expect }) => {
      const { start, sandbox, asked } = harness;
      const [verb = '', noun = '', ...ids] = await deletionOf(3, harness);
      sandbox.fault(route(42), { kind: 'answer', status: 400, body: { msg: 'Not now.' } });
      sandbox.fault(route(44), tooFrequent(30));
      const run = start([verb, noun, '999', ...ids]);
      await expect.poll(asked, { timeout: 20_000 }).toHaveLength(4);
      await sleep(300);
      run.kill('SIGINT');
      const ran = await run.ended;
      expect(ran).toMatchObject({ status: 130, stdout: 'Deleted API key 43\n' });
      expect(ran.stderr.split('\n')).toEqual([
        'API key 999 does not exist.',
        expect.stringMatching(/^Warning: API key 42 was not deleted\. .*Not now\./u),
        'Warning: Not tried: 44',
        'Error: Interrupted: 2 of 4 API keys are gone, 1 not tried.',
        'To continue, run the same command again: keys that are gone count as deleted.',
        '',
      ]);
    },
  );

  it.skipIf(process.platform === 'win32')(
    'says if a single key was tried when interrupted',
    async ({ harness, expect }) => {
      const { start, sandbox, asked } = harness;
      const args = await deletionOf(1, harness);
      sandbox.fault(route(42), tooFrequent(30));
      const waiting = start(args);
      await expect.poll(asked, { timeout: 20_000 }).toHaveLength(1);
      await sleep(300);
      waiting.kill('SIGINT');
      const untried = await waiting.ended;
      expect(untried).toMatchObject({ status: 130, stdout: '' });
      expect(untried.stderr).toBe('Warning: Not tried: 42\nError: Interrupted while waiting to try again.\n');
      sandbox.fault(route(42), { kind: 'stall' });
      const underWay = start(args);
      await expect.poll(asked, { timeout: 20_000 }).toHaveLength(2);
      underWay.kill('SIGINT');
      const tried = await underWay.ended;
      expect(tried).toMatchObject({ status: 130, stdout: '' });
      expect(tried.stderr).toMatch(
        /^Error: Interrupted during DELETE \S+\. It may have taken effect anyway\.\n/u,
      );
      expect(tried.stderr).not.toContain('Warning');
    },
  );
});

describe.skipIf(!canOpenTerminal())(
  'delete api-key with many ids on a terminal',
  { concurrent: true },
  () => {
    it.for([
      [80, 'Deleting API keys: 3 of 5, about '],
      [30, 'Deleting API keys: 3 o'],
    ] as const)(
      'shows its progress in %i columns and removes it at the end',
      async ([columns, line], { harness }) => {
        const { onTerminal, sandbox, home } = harness;
        const args = await deletionOf(5, harness);
        sandbox.fault(route(43), tooFrequent(1.5));
        const env = { NO_COLOR: '1' };
        const terminal = onTerminal(args, { columns, env, stdoutTo: home.at('stdout') });
        await terminal.see('Deleting API keys: 1 o');
        await terminal.see(line);
        const { status, screen } = await terminal.ended;
        expect(status).toBe(0);
        expect(leftOnScreen(screen)).toEqual([]);
        expect(screen).not.toContain('\u001b');
        expect(screen).not.toContain('\n');
        for (const part of screen.split('\r')) expect(part.length).toBeLessThan(columns);
        expect(await home.read('stdout')).toBe(
          [42, 43, 44, 45, 46].map((id) => `Deleted API key ${id}\n`).join(''),
        );
      },
    );

    it('keeps progress and printed lines apart on the screen', async ({ harness }) => {
      const { onTerminal, sandbox } = harness;
      const args = await deletionOf(3, harness);
      sandbox.fault(route(43), tooFrequent(1));
      const { status, screen } = await onTerminal([...args, '999']).ended;
      expect(status).toBe(0);
      expect(screen).toContain('Deleting API keys: 2 of 4');
      const left = leftOnScreen(screen);
      expect(left.slice(0, 3)).toEqual([42, 43, 44].map((id) => `Deleted API key ${id}`));
      expect(left.slice(3).join()).toContain('API key 999 does not exist.');
      expect(left).toHaveLength(4);
    });

    it.for([
      ['--json', { deleted: [42, 43, 44] }],
      ['--raw', Array(3).fill('Successfully Deleted API Key')],
    ] as const)('shows nothing with %s', async ([flag, document], { harness }) => {
      const { onTerminal, sandbox, home } = harness;
      const args = await deletionOf(3, harness);
      sandbox.fault(route(43), tooFrequent(0.2));
      const terminal = onTerminal([...args, flag], { stdoutTo: home.at('stdout') });
      expect(await terminal.ended).toEqual({ status: 0, screen: '' });
      expect(JSON.parse((await home.read('stdout')) ?? '')).toMatchObject(document);
    });

    it('leaves only its report after Ctrl-C, and finishes in a second run', async ({ harness, expect }) => {
      const { onTerminal, vastai, sandbox, asked } = harness;
      const args = await deletionOf(5, harness);
      sandbox.fault(route(44), tooFrequent(30));
      const terminal = onTerminal(args, { columns: 80, env: { NO_COLOR: '1' } });
      await terminal.see('Deleting API keys: 2 of 5');
      await expect.poll(asked, { timeout: 20_000 }).toHaveLength(3);
      await sleep(300);
      terminal.type('\x03');
      const { status, screen } = await terminal.ended;
      expect(status).toBe(130);
      expect(leftOnScreen(screen)).toEqual([
        'Deleted API key 42',
        'Deleted API key 43',
        'Warning: Not tried: 44 45 46',
        'Error: Interrupted: 2 of 5 API keys are gone, 3 not tried.',
        'To continue, run the same command again: keys that are gone count as deleted.',
      ]);
      const again = await vastai(args);
      expect(again.status).toBe(0);
      expect(again.stdout).toBe('Deleted API key 44\nDeleted API key 45\nDeleted API key 46\n');
      for (const id of [42, 43]) expect(again.stderr).toContain(`API key ${id} does not exist.`);
    });
  },
);
