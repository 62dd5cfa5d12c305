import { it as plainIt } from '@vastai-cli/testing/checkout/cli';
import { KEY_FILE, LEGACY_FILE, SETTINGS } from '@vastai-cli/testing/places';
import { describe, expect } from 'vitest';
import { type RecordingProxy, startRecordingProxy } from './support/recording-proxy.js';

const it = plainIt.extend<{ proxy: RecordingProxy }>({
  proxy: async ({ onTestFinished }, use) => {
    const proxy = await startRecordingProxy();
    onTestFinished(() => proxy.close());
    await use(proxy);
  },
});

const SHOW = ['show', 'user'];
const ELSEWHERE = 'https://api.example.invalid';

describe.concurrent('a saved key', () => {
  it.for([
    ['named by --url', ['--url', ELSEWHERE], {}],
    ['named by VAST_URL', [], { VAST_URL: ELSEWHERE }],
    ['on another port', ['--url', 'https://console.vast.ai:8443'], {}],
    ['below the same host', ['--url', 'https://evil.console.vast.ai'], {}],
  ] as const)('does not go to another origin, %s', async ([, args, env], { harness, proxy }) => {
    const { vastai, saveKey, asked } = harness;
    await saveKey();
    const ran = await vastai([...SHOW, ...args, '--json'], { env: { ...proxy.env, ...env } });
    expect(ran.status).toBe(3);
    const { code, message } = ran.json().error;
    expect(code).toBe('no_key');
    expect(message).toContain('https://console.vast.ai');
    expect(message).toContain(new URL(args[1] ?? ELSEWHERE).origin);
    expect(proxy.hosts).toEqual([]);
    expect(asked()).toEqual([]);
  });

  it('for another API is not sent to Vast.ai', async ({ harness, proxy }) => {
    const { vastai, sandbox, home } = harness;
    const record = { version: 1, profiles: { default: { storage: 'file', url: ELSEWHERE } } };
    await home.write(SETTINGS, JSON.stringify(record));
    await home.write(KEY_FILE, sandbox.key);
    const ran = await vastai([...SHOW, '--url', 'https://console.vast.ai'], { env: proxy.env });
    expect(ran.status).toBe(3);
    expect(ran.stderr).toContain(ELSEWHERE);
    expect(ran.stderr).toContain('https://console.vast.ai');
    expect(proxy.hosts).toEqual([]);
  });

  it('in the legacy file is not moved for another API', async ({ harness, proxy }) => {
    const { vastai, sandbox, home } = harness;
    await home.write(LEGACY_FILE, sandbox.key);
    const ran = await vastai([...SHOW, '--url', ELSEWHERE], { env: proxy.env });
    expect(ran.status).toBe(3);
    expect(await home.read(LEGACY_FILE)).toBe(sandbox.key);
    expect(proxy.hosts).toEqual([]);
  });

  it('is sent to Vast.ai by default', async ({ harness: { vastai, saveKey }, proxy }) => {
    await saveKey();
    const env = { ...proxy.env, VAST_URL: undefined };
    const ran = await vastai([...SHOW, '--retry', '0'], { env });
    expect(ran.status).toBe(8);
    expect(proxy.hosts).toEqual(['console.vast.ai:443']);
  });

  it('is sent to any loopback address', async ({ harness: { vastai, sandbox, saveKey, asked } }) => {
    await saveKey();
    const port = new URL(sandbox.url).port;
    for (const host of ['127.0.0.1', 'localhost'])
      expect((await vastai([...SHOW, '--url', `http://${host}:${port}`])).status).toBe(0);
    expect(asked()).toHaveLength(2);
  });
});

describe.concurrent('a key from a flag or a variable', () => {
  it('is sent to the given URL', async ({ harness: { vastai, sandbox }, proxy }) => {
    const byFlag = [...SHOW, '--url', ELSEWHERE, '--retry', '0', '--api-key', sandbox.key];
    expect((await vastai(byFlag, { env: proxy.env })).status).toBe(8);
    const env = { ...proxy.env, VAST_API_KEY: sandbox.key, VAST_URL: ELSEWHERE };
    expect((await vastai([...SHOW, '--retry', '0'], { env })).status).toBe(8);
    expect(proxy.hosts).toEqual(['api.example.invalid:443', 'api.example.invalid:443']);
  });
});

describe.concurrent('the URL', () => {
  it.for([
    'http://console.vast.ai',
    'http://127.0.0.1.example.invalid',
    'file:///etc/passwd',
    'console.vast.ai',
    'https://user:5ecret5ecret@console.vast.ai',
    'https://console.vast.ai/api',
  ])('%s is wrong usage, and nothing is sent', async (url, { harness: { vastai, sandbox }, proxy }) => {
    const ran = await vastai([...SHOW, '--url', url, '--json'], {
      env: { ...proxy.env, VAST_API_KEY: sandbox.key },
    });
    expect(ran.status).toBe(2);
    expect(ran.json().error.code).toBe('usage');
    expect(ran.json().error.message).toContain('--url');
    expect(ran.stdout).not.toContain('5ecret');
    expect(proxy.hosts).toEqual([]);
  });

  it('in VAST_URL must follow the same rules', async ({ harness: { vastai, sandbox }, proxy }) => {
    const env = { ...proxy.env, VAST_URL: 'http://console.vast.ai', VAST_API_KEY: sandbox.key };
    const ran = await vastai(SHOW, { env });
    expect(ran.status).toBe(2);
    expect(ran.stderr).toContain('VAST_URL');
    expect(proxy.hosts).toEqual([]);
  });
});
