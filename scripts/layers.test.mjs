import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const config = JSON.parse(readFileSync(join(root, 'biome.json'), 'utf8'));

/** Reads the layers of a package from biome.json, the lowest first. */
function layersOf(name) {
  const start = `packages/${name}/src/`;
  const rows = config.overrides.filter(({ includes: [path] }) => path.startsWith(start));
  const [top] = rows.at(-1).linter.rules.style.noRestrictedImports.options.patterns[0].group;
  return [...rows.map(({ includes: [path] }) => path.slice(start.length, -'/**'.length)), top.slice(3, -3)];
}

/** Every pair of layers, the lower one first. */
const PAIRS = ['core', 'permissions'].flatMap((name) => {
  const layers = layersOf(name).map((layer) => ({ name, layer }));
  return layers.flatMap((lower, at) => layers.slice(at + 1).map((upper) => [lower, upper]));
});
const fileIn = ({ name, layer }, other) => `packages/${name}/src/${layer}/imports-${other.layer}.ts`;

describe('the check of imports', () => {
  let folder;
  let said;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'vastai-layers-'));
    const plant = (path, text) => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    };
    const { vcs: _, $schema: __, ...rules } = config;
    plant('biome.json', JSON.stringify(rules));
    for (const [lower, upper] of PAIRS) {
      plant(fileIn(lower, upper), `import '../${upper.layer}/x.js';\n`);
      plant(fileIn(upper, lower), `import '../${lower.layer}/x.js';\n`);
    }
    plant('packages/core/src/base/a.ts', `import type { B } from './b.js';\nexport type A = B | 1;\n`);
    plant('packages/core/src/base/b.ts', `import type { A } from './a.js';\nexport type B = A | 2;\n`);
    const biome = join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
    const args = [biome, 'lint', '--colors=off', '--max-diagnostics=none', '--reporter=github'];
    said = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' }).stdout.split('\n');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const finds = (path, rule) => said.some((line) => line.includes(path) && line.includes(rule));

  it.each(PAIRS)('refuses an import into %j from %j', (lower, upper) => {
    expect(finds(fileIn(lower, upper), 'noRestrictedImports')).toBe(true);
  });

  it.each(PAIRS)('allows an import from %j into %j', (lower, upper) => {
    expect(finds(fileIn(upper, lower), 'noRestrictedImports')).toBe(false);
  });

  it('rejects two files that import each other, even for types only', () => {
    expect(finds('packages/core/src/base/a.ts', 'noImportCycles')).toBe(true);
  });
});
