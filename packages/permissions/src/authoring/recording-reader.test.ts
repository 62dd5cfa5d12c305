import { describe, expect, it } from 'vitest';
import { type RecordedCall, recordingLine } from './recording.js';
import { RecordingReader } from './recording-reader.js';

const line = (id: string, fields: Partial<RecordedCall> = {}) =>
  recordingLine({
    time: 1_767_225_600,
    operation: 'instance.show',
    method: 'GET',
    route: '/api/v0/instances/{id}/',
    ids: { id },
    verdict: 'allow',
    status: 200,
    ms: 1,
    ...fields,
  });

/** Reads a recording in parts of some size. */
function readIn(text: string | Uint8Array, size = Number.POSITIVE_INFINITY, reader = new RecordingReader()) {
  const bytes = Buffer.from(text);
  for (let from = 0; from < bytes.length; from += size) reader.add(bytes.subarray(from, from + size));
  const summary = reader.endRecording();
  const brief = (which: 'allowed' | 'refused') =>
    reader.calls(which).map(({ method, route, count }) => `${method} ${route} ${count}`);
  return { reader, summary, allowed: brief('allowed'), refused: brief('refused') };
}

describe('RecordingReader', () => {
  it('counts the same calls, in parts of any size', () => {
    const text = `${line('ü')}${line('5')}\r\n${line('5')}   \n${line('6', { verdict: 'deny' })}${line('5').trim()}`;
    for (const size of [1, 2, 3, 7, 64, 4096]) {
      expect(readIn(text, size)).toMatchObject({
        summary: { calls: 5, unreadable: 0, isCutOff: false },
        allowed: ['GET /api/v0/instances/%C3%BC/ 1', 'GET /api/v0/instances/5/ 3'],
        refused: ['GET /api/v0/instances/6/ 1'],
      });
    }
  });

  it('does not count the last line of a run that was killed, wherever it was cut', () => {
    const whole = line('5');
    for (let length = 1; length < whole.length - 2; length += 1) {
      const { summary, allowed } = readIn(`${whole}${line('6').slice(0, length)}`);
      expect(summary).toEqual({ calls: 1, unreadable: 0, isCutOff: true });
      expect(allowed).toEqual(['GET /api/v0/instances/5/ 1']);
    }
    // A run that continues the recording ends that line.
    expect(readIn(`${line('6').slice(0, 50)}\n${whole}`).summary).toEqual({
      calls: 1,
      unreadable: 1,
      isCutOff: false,
    });
  });

  it('counts lines that are not calls, whatever they contain', () => {
    const junk = ['{}', 'x'.repeat(200_000), '\u0000\u001b[2J', '[1,2]', '{"operation":"instance.show"}'];
    const text = junk.map((one) => `${one}\n`).join('');
    expect(readIn(`${text}${line('5')}${text}`, 1000)).toMatchObject({
      summary: { calls: 1, unreadable: 2 * junk.length, isCutOff: false },
      allowed: ['GET /api/v0/instances/5/ 1'],
    });
    const bytes = Uint8Array.from({ length: 5000 }, (_, index) => (index * 7919) % 256);
    expect(readIn(bytes, 100).summary.calls).toBe(0);
    expect(readIn('').summary).toEqual({ calls: 0, unreadable: 0, isCutOff: false });
    expect(readIn('\uFEFF').summary.calls).toBe(0);
    expect(readIn(`\uFEFF${line('5')}`).summary).toEqual({ calls: 1, unreadable: 0, isCutOff: false });
    expect(readIn('x'.repeat(200_000), 1000).summary).toEqual({ calls: 0, unreadable: 1, isCutOff: false });
  });

  it('reads one recording after the other, and starts each afresh', () => {
    const { reader } = readIn(`${line('5')}{"cut`);
    expect(readIn(line('5'), 10, reader)).toMatchObject({
      summary: { calls: 1, unreadable: 0, isCutOff: false },
      allowed: ['GET /api/v0/instances/5/ 2'],
    });
  });

  it('leaves out what needs no permission', () => {
    const names = { operation: 'gpu.names', route: '/api/v0/gpu_names/unique/', ids: {} };
    expect(readIn(line('', names))).toMatchObject({ summary: { calls: 1 }, allowed: [], refused: [] });
  });

  it('stops at too many different calls, and keeps nothing of the same ones', () => {
    const reader = new RecordingReader(500);
    const same = Buffer.from(line('5').repeat(100));
    for (let times = 0; times < 10; times += 1) expect(reader.add(same)).toBe(true);
    expect(reader.calls('allowed')).toMatchObject([{ count: 1000 }]);
    const different = (from: number) =>
      Buffer.from(Array.from({ length: 250 }, (_, index) => line(String(from + index))).join(''));
    expect(reader.add(different(1))).toBe(true);
    expect(reader.add(different(1))).toBe(true);
    expect(reader.add(different(1000))).toBe(true);
    expect(reader.add(different(2000))).toBe(false);
  });
});
