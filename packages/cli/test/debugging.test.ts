import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import type { RunOptions } from '@vastai-cli/testing/run';
import { describe, expect } from 'vitest';

/** The variables that make Node, oclif and other libraries print debug output. */
const VARIABLES: readonly (readonly [name: string, value: string])[] = [
  ['DEBUG', '*'],
  ['DEBUG', 'oclif:*'],
  ['DEBUG', 'oclif*,https-proxy-agent,agent-base'],
  ['NODE_DEBUG', '*'],
  ['NODE_DEBUG', 'http'],
  ['NODE_DEBUG', 'HTTP,https,net,tls,stream,http2'],
  ['NODE_DEBUG', 'child_process,fs,module,esm,timer,worker'],
  ['VASTAI_DEBUG', '1'],
];

/** Ways for a key to come in: as a variable, a flag, an argument, and where something is wrong with the line. */
const COMMANDS: readonly (readonly [
  args: (key: string) => string[],
  env?: (key: string) => RunOptions['env'],
])[] = [
  [() => ['show', 'user'], (key) => ({ VAST_API_KEY: key })],
  [(key) => ['show', 'user', '--api-key', key]],
  [(key) => ['show', 'user', `--api-key=${key}`, '--no-such-flag']],
  [(key) => ['set', 'api-key', key]],
  [(key) => ['set', 'api-key', key, '--storage', 'nowhere']],
  [(key) => ['auth', 'status', '--api-key', key]],
  [(key) => ['doctor', '--api-key', key]],
  [(key) => ['show', 'nonsense', key]],
  [(key) => ['plugins', '--api-key', key]],
];

async function outputsOf(harness: Harness, [name, value]: (typeof VARIABLES)[number]): Promise<string> {
  const { sandbox, vastai } = harness;
  const outputs = [];
  for (const [args, env] of COMMANDS) {
    const { stdout, stderr } = await vastai(args(sandbox.key), {
      env: { ...env?.(sandbox.key), [name]: value },
    });
    outputs.push(stdout, stderr);
  }
  return outputs.join('\n');
}

describe.concurrent('a program that is being debugged', () => {
  it.for(VARIABLES)('prints no key with %s=%s', { timeout: 120_000 }, async (variable, { harness }) => {
    expect(await outputsOf(harness, variable)).not.toContain(harness.sandbox.key);
  });
});
