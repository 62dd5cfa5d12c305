import {
  chmodSync,
  linkSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { describe, expect, onTestFinished } from 'vitest';
import { openRecording } from '../src/index.js';
import { it, startRun } from './support/run.js';
import { startUpstream } from './support/upstream.js';

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'vastai-recording-'));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
}

const lines = (file: string) =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('a recording', () => {
  it('has one line for each call with the token, and nothing secret', async () => {
    const file = join(folder(), 'calls.jsonl');
    const recording = openRecording(file);
    const run = await startRun({ record: recording.write });
    await run.ask('GET', '/api/v0/users/current/?secret=query');
    await run.ask('DELETE', '/api/v0/instances/42/', { body: { secret: 'body' } });
    await run.ask('GET', '/api/v0/commands/rclone/request/secret-token/');
    await run.ask('POST', '/api/v0/auth/apikeys/', { body: { name: 'x' } });
    await run.ask('GET', '/secret/path/');
    await run.ask('GET', '/api/v0/users/current/', { token: 'wrong' });
    run.sandbox.fault('GET /api/v0/instances/{id}/', { kind: 'drop' }, 2);
    await run.ask('GET', '/api/v0/instances/43/');
    recording.close();
    const written = lines(file);
    expect(Object.keys(written[0] ?? {})).toEqual([
      'time',
      'operation',
      'method',
      'route',
      'ids',
      'verdict',
      'status',
      'ms',
    ]);
    const brief = written.map(({ operation, ids, verdict, status }) => ({ operation, ids, verdict, status }));
    expect(brief).toEqual([
      { operation: 'user.show', ids: {}, verdict: 'allow', status: 200 },
      { operation: 'instance.destroy', ids: { id: '42' }, verdict: 'allow', status: 200 },
      { operation: 'copy.cloud_request', ids: {}, verdict: 'allow', status: 200 },
      { operation: 'apikey.create', ids: {}, verdict: 'deny', status: 403 },
      { operation: null, ids: {}, verdict: 'deny', status: 403 },
      { operation: 'instance.show', ids: { id: '43' }, verdict: 'allow', status: 502 },
    ]);
    const text = readFileSync(file, 'utf8');
    for (const secret of ['secret', run.sandbox.key, run.broker.token]) expect(text).not.toContain(secret);
  });

  it.runIf(process.platform !== 'win32')('is readable by its owner only, and continued', async () => {
    const file = join(folder(), 'calls.jsonl');
    writeFileSync(file, '{"time":1}\n{"torn":', { mode: 0o644 });
    chmodSync(file, 0o644);
    const recording = openRecording(file);
    const run = await startRun({ record: recording.write });
    await run.ask('GET', '/api/v0/users/current/');
    recording.close();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const [first, torn, last] = readFileSync(file, 'utf8').split('\n');
    expect([first, torn]).toEqual(['{"time":1}', '{"torn":']);
    expect(JSON.parse(last ?? '')).toMatchObject({ operation: 'user.show' });
  });

  it.runIf(process.platform !== 'win32')('is never written through a link, or into something else', () => {
    const place = folder();
    const real = join(place, 'real');
    writeFileSync(real, '');
    symlinkSync(real, join(place, 'link'));
    linkSync(real, join(place, 'hard'));
    const tried = [
      join(place, 'link'),
      join(place, 'hard'),
      place,
      join(place, 'none', 'calls'),
      '/dev/null',
    ];
    for (const path of tried) expect(() => openRecording(path)).toThrow(UsageError);
    expect(readFileSync(real, 'utf8')).toBe('');
  });

  it('is never added to a file that holds something else, which stays as it is', () => {
    const file = join(folder(), 'calls.jsonl');
    for (const text of ['root:x:0:0:root', '{"api":{}}', '\n', '{"time', '{"time":1', '']) {
      writeFileSync(file, text);
      chmodSync(file, 0o644);
      const isRecording = '{"time":1'.startsWith(text);
      if (isRecording) openRecording(file).close();
      else expect(() => openRecording(file)).toThrow('contains something else');
      expect(readFileSync(file, 'utf8')).toBe(text);
      if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(isRecording ? 0o600 : 0o644);
    }
  });

  it('has a change that was on its way when the broker closed', async () => {
    const file = join(folder(), 'calls.jsonl');
    const recording = openRecording(file);
    const run = await startRun({ record: recording.write });
    run.sandbox.fault('DELETE /api/v0/instances/{id}/', { kind: 'latency', ms: 30_000, acts: true });
    const asked = run.ask('DELETE', '/api/v0/instances/42/').catch(() => undefined);
    while (run.reached().length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await run.broker.close();
    recording.close();
    expect(() => recording.write({} as never)).toThrow('closed');
    await asked;
    expect(lines(file)).toMatchObject([{ operation: 'instance.destroy', verdict: 'allow', status: null }]);
  });

  it('has a call that was turned away because too many wait', async () => {
    const held: ServerResponse[] = [];
    const run = await startRun({ upstream: await startUpstream((_, response) => void held.push(response)) });
    const ask = () => run.ask('GET', '/api/v0/instances/42/', { agent: false });
    const asked = Array.from({ length: 260 }, ask);
    while (run.calls.length < 4 || held.length < 256) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(run.calls.map(({ verdict, status }) => [verdict, status])).toEqual(Array(4).fill(['allow', 503]));
    for (const response of held) response.end('{}');
    const statuses = (await Promise.all(asked)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 503)).toHaveLength(4);
    expect(run.calls).toHaveLength(260);
  });

  it('has a refused call, whatever becomes of telling about it', async () => {
    const run = await startRun({
      policy: { only: [] },
      onRefusal: () => {
        throw new Error('nobody listens');
      },
    });
    expect((await run.ask('GET', '/api/v0/users/current/')).status).toBe(403);
    expect(run.calls).toMatchObject([{ operation: 'user.show', verdict: 'deny', status: 403 }]);
  });

  it('stops the run if it cannot be written', async () => {
    const run = await startRun({
      record: () => {
        throw new Error('full');
      },
    });
    expect((await run.ask('GET', '/api/v0/users/current/')).status).toBe(200);
    expect((await run.ask('GET', '/api/v0/users/current/')).status).toBe(503);
    expect(run.reached()).toHaveLength(1);
  });
});
