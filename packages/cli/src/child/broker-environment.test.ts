import { ApiKey } from '@vastai-cli/core/internal/base/api-key';
import { describe, expect, it } from 'vitest';
import { brokerEnvironment } from './broker-environment.js';

const value = 'a1b2'.repeat(16);
const key = ApiKey.parse(value) as ApiKey;
const marks = { VASTAI_NO_UPDATE_CHECK: '1', VASTAI_BROKER: '1' };
const loopback = { NO_PROXY: '127.0.0.1,localhost', no_proxy: '127.0.0.1,localhost' };

/** Returns the key as it may stand in a variable. */
function forms(): [name: string, text: string][] {
  const each = (write: (code: number) => string) =>
    [...value].map((letter) => write(letter.charCodeAt(0))).join('');
  const hex = (code: number, length: number) => code.toString(16).padStart(length, '0');
  const aligned = ['', 'u', 'us'].map((before): [string, string] => [
    `in base64, ${before.length} bytes behind`,
    Buffer.from(`${before}${value}:`).toString('base64'),
  ]);
  return [
    ['as it is', value],
    ['in upper case', value.toUpperCase()],
    ['in a URL', `https://user:${value}@host/`],
    ['percent-encoded', each((code) => `%${hex(code, 2)}`)],
    ['escaped for JSON', JSON.stringify({ key: value }).replaceAll('a', '\\u0061')],
    ['escaped for HTML', each((code) => `&#${code};`)],
    ['in hexadecimal digits', Buffer.from(value).toString('hex')],
    ...aligned,
    ['in base64url', Buffer.from(`??${value}`).toString('base64url')],
    ['on two lines', `${value.slice(0, 30)}\n${value.slice(30)}`],
    ['in base64, on several lines', Buffer.from(value).toString('base64').replaceAll(/.{20}/gu, '$&\n')],
    ['in colour', `\u001b[1m${value.slice(0, 9)}\u001b[0m${value.slice(9)}`],
  ];
}

describe('brokerEnvironment', () => {
  it.each(forms())('leaves out a variable with the key %s', (_, text) => {
    const env = { PATH: '/bin', FIRST: text, SECOND: `before ${text} after`, [text]: 'in the name' };
    expect(brokerEnvironment(env, [key])).toEqual({ PATH: '/bin', ...loopback, ...marks });
  });

  it('leaves out a short key as a word of its own', () => {
    const short = ApiKey.parse('k3y') as ApiKey;
    const env = { PATH: '/bin', A: 'k3y', B: 'https://host/?key=k3y&x', C: 'k3yboard' };
    expect(brokerEnvironment(env, [short])).toEqual({ PATH: '/bin', C: 'k3yboard', ...loopback, ...marks });
  });

  it('keeps the token, and what only resembles the key', () => {
    const env = { VAST_API_KEY: 'c3d4'.repeat(16), HALF: value.slice(0, 32), ENDS: `…${value.slice(-4)}` };
    expect(brokerEnvironment(env, [key])).toEqual({ ...env, ...loopback, ...marks });
  });

  it('adds loopback to the hosts without a proxy, in both spellings', () => {
    expect(brokerEnvironment({ NO_PROXY: 'a, b' }, [key])).toMatchObject({
      NO_PROXY: 'a,b,127.0.0.1,localhost',
      no_proxy: 'a,b,127.0.0.1,localhost',
    });
    expect(brokerEnvironment({ NO_PROXY: 'a', no_proxy: '127.0.0.1' }, [key])).toMatchObject({
      NO_PROXY: 'a,127.0.0.1,localhost',
      no_proxy: '127.0.0.1,localhost',
    });
    expect(brokerEnvironment({ no_proxy: '' }, [key])).toMatchObject(loopback);
  });

  it('leaves a star alone, which means every host only if nothing else is there', () => {
    expect(brokerEnvironment({ NO_PROXY: ' * ' }, [key])).toMatchObject({ NO_PROXY: '*', no_proxy: '*' });
  });
});
