import { describe, expect, it } from 'vitest';
import { keyOf } from '../../test/support/keys.js';
import { containerAdvice, containerSource } from './container-key.js';

const KEY = 'container-key-0123456789';
const RENTED = { CONTAINER_ID: '77', CONTAINER_API_KEY: KEY };
const SEND = 'To send it: export VAST_API_KEY="$CONTAINER_API_KEY"';
const about = (what: string) =>
  `CONTAINER_API_KEY can only start, stop and destroy ${what}. It is not sent unless you pass it.`;

describe('the key of a rented machine', () => {
  it('is listed with what it can do, but not used', async () => {
    const { read, ...source } = containerSource(RENTED);
    expect(source).toEqual({
      name: 'container',
      location: 'CONTAINER_API_KEY',
      boundOrigin: undefined,
      searched: false,
      configured: false,
      isFree: true,
      faultOf: 'usage',
      whenRejected: [],
    });
    const lookup = await read();
    expect(lookup).toMatchObject({
      state: 'present',
      problems: [{ code: 'container_key', message: about('instance 77'), fix: SEND }],
    });
    expect(lookup.state === 'present' && lookup.key.equals(keyOf(KEY))).toBe(true);
    expect(containerAdvice(RENTED)).toEqual([
      { do: 'say', text: about('instance 77') },
      { do: 'say', text: SEND },
    ]);
  });

  it('is described as that of this instance if the number is unknown', () => {
    expect(containerAdvice({ CONTAINER_API_KEY: KEY })[0]).toEqual({
      do: 'say',
      text: about('this instance'),
    });
  });

  it('is absent elsewhere', async () => {
    expect(await containerSource({}).read()).toEqual({ state: 'absent' });
    expect(containerAdvice({})).toEqual([]);
  });

  it('is not suggested if it is not a valid key', async () => {
    const environment = { CONTAINER_API_KEY: 'two words' };
    expect(await containerSource(environment).read()).toEqual({
      state: 'unreadable',
      problem: {
        code: 'container_key',
        message: 'The key of CONTAINER_API_KEY contains a space or a line break.',
        fix: [
          { do: 'say', text: 'Enter only one key, on one line.' },
          { do: 'unset', variable: 'CONTAINER_API_KEY' },
        ],
      },
    });
    expect(containerAdvice(environment)).toEqual([]);
  });
});
