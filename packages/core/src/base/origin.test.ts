import { describe, expect, it } from 'vitest';
import { UsageError } from './errors.js';
import { DEFAULT_URL, maySend, parseApiUrl } from './origin.js';

describe('the URL of an API', () => {
  it.each([
    ['https://console.vast.ai', 'https://console.vast.ai'],
    [' https://Console.Vast.AI:443/ \n', 'https://console.vast.ai'],
    ['\ufeffhttps://console.vast.ai\u00a0', 'https://console.vast.ai'],
    ['https://staging.example:8443', 'https://staging.example:8443'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['http://127.1:8080', 'http://127.0.0.1:8080'],
    ['http://[::1]:8080', 'http://[::1]:8080'],
    ['http://localhost', 'http://localhost'],
  ])('may be %j', (text, origin) => {
    expect(parseApiUrl(text, '--url').origin).toBe(origin);
  });

  it.each([
    ['console.vast.ai', /is not valid/],
    ['', /is not valid/],
    ['file:///etc/passwd', /neither https nor http/],
    ['javascript:alert(1)', /neither https nor http/],
    ['http://console.vast.ai', /plain http/],
    ['http://127.0.0.1.example.com', /plain http/],
    ['http://localhost.example.com', /plain http/],
    ['http://10.0.0.1', /plain http/],
    ['http://0.0.0.0', /plain http/],
    ['https://ada:secret@console.vast.ai', /user name or password/],
    ['https://:secret@console.vast.ai', /user name or password/],
    ['https://console.vast.ai@evil.example', /user name or password/],
    ['https://console.vast.ai/api/v0', /only a host and a port/],
    ['https://console.vast.ai/?api_key=secret', /only a host and a port/],
    ['https://console.vast.ai/#secret', /only a host and a port/],
  ])('is not %j', (text, message) => {
    expect(() => parseApiUrl(text, '--url')).toThrow(UsageError);
    expect(() => parseApiUrl(text, '--url')).toThrow(message);
    expect(() => parseApiUrl(text, '--url')).toThrow(/--url/);
    expect(() => parseApiUrl(text, '--url')).not.toThrow(/secret/);
  });

  it.each([
    ['console.vast.ai', `For example: ${DEFAULT_URL}`],
    ['ftp://console.vast.ai', `For example: ${DEFAULT_URL}`],
    ['https://console.vast.ai/api/v0', `For example: ${DEFAULT_URL}`],
    ['https://staging.example:8443/api/v0', 'For example: https://staging.example:8443'],
    ['https://me:secret@console.vast.ai', 'Leave it out: the API key goes in a header.'],
    ['http://console.vast.ai', 'Use https. Plain http is for loopback addresses only.'],
  ])('rejects %j with a hint', (text, hint) => {
    expect(() => parseApiUrl(text, '--url')).toThrow(expect.objectContaining({ hint }));
  });
});

describe('a saved key', () => {
  it.each([
    [DEFAULT_URL, DEFAULT_URL],
    [DEFAULT_URL, 'http://127.0.0.1:9'],
    [DEFAULT_URL, 'http://127.200.0.9:9'],
    [DEFAULT_URL, 'http://127.0.100.255:9'],
    [DEFAULT_URL, 'http://[::1]:9'],
    [DEFAULT_URL, 'http://localhost:9'],
    ['https://other.example', 'https://localhost:9'],
  ])('of %s may be sent to %s', (boundOrigin, target) => {
    expect(maySend(new URL(boundOrigin), new URL(target))).toBe(true);
  });

  it.each([
    [DEFAULT_URL, 'https://other.example'],
    [DEFAULT_URL, 'https://vast.ai'],
    [DEFAULT_URL, 'https://api.console.vast.ai'],
    [DEFAULT_URL, 'https://console.vast.ai:8443'],
    [DEFAULT_URL, 'https://localhost.evil.example'],
    ['http://127.0.0.1:9', DEFAULT_URL],
  ])('of %s is not sent to %s', (boundOrigin, target) => {
    expect(maySend(new URL(boundOrigin), new URL(target))).toBe(false);
  });
});
