import { describe, expect, it } from 'vitest';
import { useHome } from '../../test/support/home.js';
import { keyOf } from '../../test/support/keys.js';
import type { VastaiError } from '../base/errors.js';
import { json, serve } from '../http/test-support/loopback-server.js';
import { createClient } from './create-client.js';

const home = useHome();
const KEY = keyOf('own-key-0123456789abcd');
const SESSION = keyOf('session-one-0123456789');

describe('a client', () => {
  it('sends the key it is given, or its session, and errors say which', async () => {
    const { url, seen } = await serve((response) =>
      json(response, { success: false, msg: 'Invalid user key' }, 401),
    );
    const context = await home.context({}, { url: url.origin });
    const step = [{ do: 'make-key' }] as const;
    const source = { location: '/a/file', whenRejected: step };
    const errorFor = async (session?: { key: typeof SESSION }) =>
      createClient(context, { key: KEY, source, session }, { retries: 0 })
        .request({ method: 'GET', path: '/api/v0/x/' as never })
        .catch((error: VastaiError) => error);
    expect(await errorFor()).toMatchObject({
      code: 'key_rejected',
      source: `/a/file ${KEY}`,
      advice: step,
    });
    expect(await errorFor({ key: SESSION })).toMatchObject({
      source: `the two-factor session of ${KEY}`,
    });
    expect(seen.map(({ headers }) => headers.authorization)).toEqual([
      `Bearer ${KEY.reveal()}`,
      `Bearer ${SESSION.reveal()}`,
    ]);
  });
});
