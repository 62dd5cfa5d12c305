import { describe, expect, it } from 'vitest';
import { loopbackAddress } from './loopback.js';

describe('loopbackAddress', () => {
  it.each([
    ['localhost', '127.0.0.1'],
    ['LOCALHOST', '127.0.0.1'],
    ['127.0.0.1', '127.0.0.1'],
    ['127.8.9.10', '127.8.9.10'],
    ['::1', '::1'],
    ['[::1]', '::1'],
    ['0:0:0:0:0:0:0:1', '0:0:0:0:0:0:0:1'],
  ])('accepts %s', (host, address) => {
    expect(loopbackAddress(host)).toBe(address);
  });

  it.each([
    '0.0.0.0',
    '::',
    '',
    '192.168.1.1',
    '128.0.0.1',
    '::2',
    'fe80::1',
    '::1%eth0',
    'localhost.example.com',
    'example.com',
    '127.0.0.1.example.com',
    '127.1',
    '0x7f.0.0.1',
    '2130706433',
    ' 127.0.0.1',
  ])('rejects %j', (host) => {
    expect(() => loopbackAddress(host)).toThrow('loopback only');
  });
});
