import { describe, expect, it } from 'vitest';
import { encodeCall, readMessage } from './dbus-message.js';

/** The response of a Secret Service to a search, call 7: its body `ao ao` holds one path and none. */
const LITTLE_ENDIAN = [
  ...[0x6c, 2, 1, 1, 16, 0, 0, 0, 9, 0, 0, 0, 18, 0, 0, 0],
  ...[5, 1, 0x75, 0, 7, 0, 0, 0, 8, 1, 0x67, 0, 4, 0x61, 0x6f, 0x61, 0x6f, 0, 0, 0, 0, 0, 0, 0],
  ...[7, 0, 0, 0, 2, 0, 0, 0, 0x2f, 0x61, 0, 0, 0, 0, 0, 0],
];
const BIG_ENDIAN = [
  ...[0x42, 2, 1, 1, 0, 0, 0, 16, 0, 0, 0, 9, 0, 0, 0, 18],
  ...[5, 1, 0x75, 0, 0, 0, 0, 7, 8, 1, 0x67, 0, 4, 0x61, 0x6f, 0x61, 0x6f, 0, 0, 0, 0, 0, 0, 0],
  ...[0, 0, 0, 7, 0, 0, 0, 2, 0x2f, 0x61, 0, 0, 0, 0, 0, 0],
];

function read(bytes: readonly number[]) {
  let rest = Buffer.from(bytes);
  return readMessage(async (length) => {
    if (rest.length < length) throw new Error('the stream ended');
    const taken = rest.subarray(0, length);
    rest = rest.subarray(length);
    return taken;
  });
}

describe('a message of the session bus', () => {
  it.each([
    ['little', LITTLE_ENDIAN],
    ['big', BIG_ENDIAN],
  ])('is read with the %s end first', async (_, bytes) => {
    expect(await read(bytes)).toEqual({ replyTo: 7, error: undefined, values: [['/a'], []] });
  });

  it('is rejected if any byte is missing', async () => {
    for (let length = 0; length < LITTLE_ENDIAN.length; length += 1) {
      await expect(read(LITTLE_ENDIAN.slice(0, length))).rejects.toThrow();
    }
  });

  it('is read or rejected with an error, whatever byte is changed', async () => {
    let understood = 0;
    for (let at = 0; at < LITTLE_ENDIAN.length; at += 1) {
      for (const byte of [0, 1, 0x61, 0x7f, 0x80, 0xff]) {
        const message = await read(LITTLE_ENDIAN.with(at, byte)).catch((error: unknown) => error);
        if (message instanceof Error) continue;
        expect(message).toHaveProperty('values');
        understood += 1;
      }
    }
    expect(understood).toBeGreaterThan(0);
  });

  it('is rejected if it claims to be larger than the limit', async () => {
    await expect(read(LITTLE_ENDIAN.with(6, 0x11))).rejects.toThrow(/too large/);
    await expect(read(LITTLE_ENDIAN.with(15, 0xff))).rejects.toThrow(/too large/);
  });

  it('is written with every part in its place', () => {
    const bytes = encodeCall(3, 'a.b', '/', 'a.c.Do', ['é', { k: 'v' }]);
    expect(bytes.subarray(0, 4)).toEqual(Buffer.from([0x6c, 1, 0, 1]));
    expect(bytes.readUInt32LE(8)).toBe(3);
    const fields = bytes.readUInt32LE(12);
    expect(bytes.subarray(16, 16 + fields).toString('latin1')).toMatch(/a\.c\0.*Do\0.*a\.b\0.*sa\{ss\}\0/s);
    expect(bytes.readUInt32LE(4)).toBe(30);
    expect(bytes.length - 30).toBe(Math.ceil((16 + fields) / 8) * 8);
    const text = [2, 0, 0, 0, 0xc3, 0xa9, 0, 0];
    const entry = [1, 0, 0, 0, 0x6b, 0, 0, 0, 1, 0, 0, 0, 0x76, 0];
    expect([...bytes.subarray(-30)]).toEqual([...text, entry.length, 0, 0, 0, 0, 0, 0, 0, ...entry]);
  });
});
