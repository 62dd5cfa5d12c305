import { describe, expect, it } from 'vitest';
import { errorOf } from '../test-support/loopback-server.js';
import { loginOf, proxyFor } from './proxy.js';

const FAR = new URL('https://console.vast.ai');
const PROXY = 'http://proxy.example:3128';

function exempt(entries: string, url = FAR): boolean {
  return proxyFor(url, { HTTPS_PROXY: PROXY, NO_PROXY: entries }) === undefined;
}

describe('proxyFor', () => {
  it('takes the first variable that is set, the lower-case one first', () => {
    expect(proxyFor(FAR, {})).toBeUndefined();
    expect(proxyFor(FAR, { HTTPS_PROXY: '', ALL_PROXY: ' ' })).toBeUndefined();
    expect(proxyFor(FAR, { ALL_PROXY: 'http://all:1' })?.host).toBe('all:1');
    expect(proxyFor(FAR, { ALL_PROXY: 'http://all:1', HTTPS_PROXY: 'http://upper:2' })?.host).toBe('upper:2');
    expect(proxyFor(FAR, { HTTPS_PROXY: 'http://upper:2', https_proxy: 'http://lower:3' })?.host).toBe(
      'lower:3',
    );
    expect(proxyFor(FAR, { HTTP_PROXY: 'http://plain:4' })).toBeUndefined();
  });

  it('takes a proxy without a scheme as http', () => {
    expect(proxyFor(FAR, { HTTPS_PROXY: 'proxy.example:3128' })?.href).toBe('http://proxy.example:3128/');
  });

  it('never sends loopback through a proxy', () => {
    for (const url of [
      'http://127.0.0.1:8080',
      'http://localhost:1',
      'https://[::1]:2',
      'https://127.9.9.9',
    ]) {
      expect(proxyFor(new URL(url), { HTTPS_PROXY: PROXY, ALL_PROXY: PROXY })).toBeUndefined();
    }
  });

  it('leaves out what NO_PROXY names: hosts, what is below them, ports, everything', () => {
    for (const entries of [
      '*',
      'console.vast.ai',
      'vast.ai',
      '.vast.ai',
      '*.vast.ai',
      'x, VAST.AI',
      'a vast.ai:443',
    ]) {
      expect([entries, exempt(entries)]).toEqual([entries, true]);
    }
    for (const entries of ['', ',', 'st.ai', 'vast.ai:8443', 'console.vast.ai.evil', '.', 'sole.vast.ai']) {
      expect([entries, exempt(entries)]).toEqual([entries, false]);
    }
    expect(exempt('10.0.0.7', new URL('https://10.0.0.7'))).toBe(true);
    expect(exempt('fd00::1', new URL('https://[fd00::1]'))).toBe(true);
    expect(exempt('[fd00::1]:443', new URL('https://[fd00::1]'))).toBe(true);
    expect(exempt('vast.ai:8443', new URL('https://vast.ai:8443'))).toBe(true);
    expect(proxyFor(FAR, { HTTPS_PROXY: PROXY, no_proxy: 'vast.ai' })).toBeUndefined();
  });

  it('reads NO_PROXY with any white space and commas, and the upper-case one where the lower-case one is blank', () => {
    for (const entries of [' vast.ai ', 'x,, vast.ai', 'x ,\tvast.ai,', '\nvast.ai'])
      expect(exempt(entries)).toBe(true);
    const blank = { HTTPS_PROXY: PROXY, no_proxy: ' ', NO_PROXY: 'vast.ai' };
    expect(proxyFor(FAR, blank)).toBeUndefined();
    expect(proxyFor(FAR, { HTTPS_PROXY: PROXY, no_proxy: 'x', NO_PROXY: 'vast.ai' })?.host).toBe(
      'proxy.example:3128',
    );
    expect(proxyFor(FAR, { HTTPS_PROXY: PROXY, NO_PROXY: ' ' })?.host).toBe('proxy.example:3128');
  });

  it('matches a host and its subdomains, but no other host with the same beginning or end', () => {
    expect(exempt('x.vast.ai', new URL('https://vast.ai'))).toBe(false);
    expect(exempt('x*.vast.ai')).toBe(false);
    for (const entry of ['x:vast.ai', 'vast.ai:abc', 'vast.ai:443x', '**.vast.ai', '..vast.ai', 'vast.ai:'])
      expect([entry, exempt(entry)]).toEqual([entry, false]);
    expect(exempt('.vast.ai', new URL('https://vast.ai'))).toBe(true);
    expect(exempt('vast.ai:443', new URL('https://vast.ai'))).toBe(true);
  });

  it('takes an entry that cannot be read for no host, even where the host ends with a full stop', () => {
    const host = new URL('https://console.vast.ai.');
    for (const entries of ['', ',', 'a:b:c', '[', 'vast.ai:abc'])
      expect([entries, exempt(entries, host)]).toEqual([entries, false]);
    expect(exempt('console.vast.ai.', host)).toBe(true);
  });

  it('takes an address in brackets with a port for that port alone', () => {
    const host = new URL('https://[fd00::1]:8443');
    expect(exempt('[fd00::1]:8443', host)).toBe(true);
    expect(exempt('[fd00::1]', host)).toBe(true);
    for (const entries of ['[fd00::1]:443', '[fd00::2]:8443', '[fd00::1]x', 'x[fd00::1]'])
      expect([entries, exempt(entries, host)]).toEqual([entries, false]);
  });

  it('takes a proxy that is reached by https, with white space around', () => {
    expect(proxyFor(FAR, { HTTPS_PROXY: ' https://proxy.example:8443\n' })?.href).toBe(
      'https://proxy.example:8443/',
    );
    expect(proxyFor(FAR, { HTTPS_PROXY: '\u00a0proxy.example:1\u00a0' })?.host).toBe('proxy.example:1');
  });

  it.each([
    ['socks5://proxy:1080', 'HTTPS_PROXY names a socks5 proxy; only http and https proxies are supported.'],
    ['http://proxy:port', 'HTTPS_PROXY is not the URL of a proxy.'],
  ])('says of %s what is wrong with it, and what one looks like', (value, message) => {
    expect(() => proxyFor(FAR, { HTTPS_PROXY: value })).toThrow(
      expect.objectContaining({ message, hint: expect.stringContaining('http://proxy.example.com:3128') }),
    );
  });

  it('rejects other kinds of proxies and invalid URLs without repeating the password', async () => {
    for (const value of [
      'socks5://me:hunter2@proxy:1080',
      'http://me:hunter2@proxy:port',
      'file:///hunter2',
      'hunter2://me@proxy',
      'hunter2ftp://me@proxy',
      'ftphunter2://me@proxy',
      'sockshunter2://me@proxy',
    ]) {
      const error = await errorOf(Promise.resolve().then(() => proxyFor(FAR, { HTTPS_PROXY: value })));
      expect(error.code).toBe('usage');
      expect(`${error.message} ${error.hint}`).toContain('HTTPS_PROXY');
      expect(`${error.message} ${error.hint} ${error.stack}`).not.toContain('hunter2');
    }
  });

  it('names the kind of a proxy that is not known', async () => {
    const error = await errorOf(
      Promise.resolve().then(() => proxyFor(FAR, { HTTPS_PROXY: 'htp://proxy:3128' })),
    );
    expect(error.message).toContain('names a htp proxy');
  });

  it.each(['xhttp', 'httpsx', 'ws', 'wss', 'quic', 'ftp', 'socks', 'socks4a', 'socks5h'])(
    'names %s as an unsupported kind of proxy, with or without a login',
    (kind) => {
      const message = `HTTPS_PROXY names a ${kind} proxy; only http and https proxies are supported.`;
      expect(() => proxyFor(FAR, { HTTPS_PROXY: `${kind}://proxy:1` })).toThrow(message);
      if (/^(?:xhttp|httpsx)$/u.test(kind)) return;
      expect(() => proxyFor(FAR, { HTTPS_PROXY: `${kind}://me:hunter2@proxy:1` })).toThrow(message);
    },
  );

  it.each([
    ['http://me:12#hunter2@proxy:3128', '%23'],
    ['http://me:12/hunter2@proxy:3128', '%2F'],
    ['http://me:12?hunter2@proxy:3128', '%3F'],
    ['http://me:12\\hunter2@proxy:3128', '%5C'],
    ['http://me:hunter2#12@proxy:3128', '%23'],
    ['http://me:1@#hunter2@proxy:3128', '%23'],
    ['http://hun#ter2:pw@proxy:3128', '%23'],
    ['me:12#hunter2@proxy:3128', '%23'],
    ['me:a://hunter2@proxy:3128', '%2F'],
    ['hunter2://me@proxy:3128', '%2F'],
    ['http:me:12/hunter2@proxy:3128', '%2F'],
    ['http://me:hunter2%@proxy:3128', '%25'],
    ['http://me:100%hunter2@proxy:3128', '%25'],
    ['http://me:hun\tter2@proxy:3128', '%40'],
    ['https://me:12#hunter2@proxy:3128', '%23'],
  ])('rejects %j, and says how to encode it without showing it', async (value, code) => {
    const error = await errorOf(Promise.resolve().then(() => proxyFor(FAR, { https_proxy: value })));
    expect(error).toMatchObject({ code: 'usage', hint: expect.stringContaining(code) });
    expect(error.message).toMatch(/^https_proxy /);
    expect(`${error.message} ${error.hint}`).not.toMatch(/hun|ter2|\bme\b|:12|pw/);
  });

  it.each([
    ['http://me:p@ss@proxy:3128', 'me:p@ss'],
    ['me:http@proxy:3128', 'me:http'],
    ['http://me:p%40ss%23%2F%3F%25@proxy:3128', 'me:p@ss#/?%'],
    ['http://me:p s:s@proxy:3128', 'me:p s:s'],
    ['http://me:pässword@proxy:3128', 'me:pässword'],
    ['http://me@proxy:3128', 'me:'],
    ['me:pw@proxy:3128/', 'me:pw'],
    ['HTTPS://me:pw@proxy:3128', 'me:pw'],
  ])('reads the login of %s', (value, login) => {
    const proxy = proxyFor(FAR, { HTTPS_PROXY: value }) as URL;
    expect([proxy.host, loginOf(proxy)]).toEqual(['proxy:3128', login]);
  });
});
