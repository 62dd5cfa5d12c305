import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { oldNode } from './support/old-node.js';
import { CACHE } from './support/registry.js';
import { run } from './support/run.js';

const BIN = fileURLToPath(new URL('../../bin/run.js', import.meta.url));
const PATIENCE_MS = 600_000;

beforeAll(() => mkdir(CACHE, { recursive: true }));

describe.skipIf(process.platform !== 'linux')('on a Node that is too old', { timeout: PATIENCE_MS }, () => {
  it.for(['14.21.3', '16.20.2', '18.20.8', '20.18.0'])(
    'one line says which one vastai needs, with status 1: %s',
    async (version) => {
      const node = await oldNode(version);
      for (const words of [[], ['--version'], ['show', 'user', '--json'], ['nonsense']]) {
        const ran = await run(node, [BIN, ...words], { mayFail: true });
        expect(ran).toEqual({
          status: 1,
          output: `vastai needs Node 20.19 or newer; this is v${version}.\n`,
        });
      }
    },
  );

  it('is refused from the version on that package.json names', () => {
    const { engines } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(readFileSync(BIN, 'utf8')).toContain(`Node ${engines.node.replace('>=', '')} or newer`);
  });
});
