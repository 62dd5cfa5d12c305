import { ApiKey } from '@vastai-cli/core/internal/base/api-key';
import { describe, expect, it } from 'vitest';
import { brokerEnvironment } from './broker-environment.js';

const value = 'a1b2'.repeat(16);
const key = ApiKey.parse(value) as ApiKey;
const marks = { VASTAI_NO_UPDATE_CHECK: '1', VASTAI_BROKER: '1' };
const loopback = { NO_PROXY: '127.0.0.1,localhost', no_proxy: '127.0.0.1,localhost' };

describe('brokerEnvironment', () => {
  it('leaves out every variable with the key, in any form', () => {
    const env = {
      PATH: '/bin',
      MY_KEY: value,
      URL: `https://host/?key=${value}`,
      BASIC: Buffer.from(`user:${value}`).toString('base64'),
      UPPER: value.toUpperCase(),
      HEX: Buffer.from(value).toString('hex'),
    };
    expect(brokerEnvironment(env, key)).toEqual({ PATH: '/bin', ...loopback, ...marks });
  });

  it('adds loopback to the hosts without a proxy, in both spellings', () => {
    expect(brokerEnvironment({ NO_PROXY: 'a, b' }, key)).toMatchObject({
      NO_PROXY: 'a,b,127.0.0.1,localhost',
      no_proxy: 'a,b,127.0.0.1,localhost',
    });
    expect(brokerEnvironment({ NO_PROXY: 'a', no_proxy: '127.0.0.1' }, key)).toMatchObject({
      NO_PROXY: 'a,127.0.0.1,localhost',
      no_proxy: '127.0.0.1,localhost',
    });
    expect(brokerEnvironment({ no_proxy: '' }, key)).toMatchObject(loopback);
  });
});
