import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { manifestsIn, testPackagesReached, wrongDirections } from './check-dependencies.mjs';
import { root } from './pack.mjs';

/** Makes a workspace of these files, with a core to begin with. */
function workspace(files) {
  const folder = mkdtempSync(join(tmpdir(), 'vastai-workspace-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const all = { 'core/package.json': { name: '@vastai-cli/core' }, ...files };
  for (const [name, content] of Object.entries(all)) {
    const file = join(folder, 'packages', name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  }
  return folder;
}

describe('what users install', () => {
  it('does not need test packages', () => {
    expect(testPackagesReached(manifestsIn(root))).toEqual([]);
  });

  it.each([
    ['dependencies', '@vastai-cli/sandbox'],
    ['dependencies', '@vastai-cli/testing'],
    ['dependencies', 'hono'],
    ['optionalDependencies', '@hono/node-server'],
    ['peerDependencies', '@vastai-cli/testing'],
  ])('is rejected if the kit has, in %s, %s', (field, name) => {
    const kit = { name: '@vastai-cli/kit', [field]: { [name]: '1.0.0' } };
    expect(testPackagesReached([kit])).toEqual([
      `@vastai-cli/kit installs what is for tests: @vastai-cli/kit → ${name}`,
    ]);
  });

  it('is rejected if it needs them through other packages', () => {
    const manifests = [
      { name: '@vastai-cli/kit', dependencies: { '@vastai-cli/core': '1.0.0' } },
      { name: '@vastai-cli/core', dependencies: { '@vastai-cli/testing': '1.0.0' } },
    ];
    expect(testPackagesReached(manifests)).toContain(
      '@vastai-cli/kit installs what is for tests: @vastai-cli/kit → @vastai-cli/core → @vastai-cli/testing',
    );
  });

  it('may use them in tests', () => {
    const kit = { name: '@vastai-cli/kit', devDependencies: { '@vastai-cli/testing': '1.0.0' } };
    const testing = { name: '@vastai-cli/testing', dependencies: { '@vastai-cli/sandbox': '1.0.0' } };
    expect(testPackagesReached([kit, testing])).toEqual([]);
  });
});

describe('the packages of this workspace', () => {
  it('use only those below them', () => {
    expect(wrongDirections(root)).toEqual([]);
  });
});

describe('a package', () => {
  it('must not depend on one above it', () => {
    const core = { name: '@vastai-cli/core', dependencies: { '@vastai-cli/permissions': '1.0.0' } };
    expect(wrongDirections(workspace({ 'core/package.json': core }))).toEqual([
      '@vastai-cli/core must not depend on @vastai-cli/permissions.',
    ]);
  });

  it.each([
    [`import { createHome } from '@vastai-cli/testing/home';`, '@vastai-cli/testing'],
    [`import type { Sandbox } from "@vastai-cli/sandbox/server";`, '@vastai-cli/sandbox'],
    [`import '@vastai-cli/kit/command/api-command';`, '@vastai-cli/kit'],
    [`await import('@vastai-cli/permissions/decision/decide');`, '@vastai-cli/permissions'],
    [`export { default } from 'vastai-cli';`, 'vastai-cli'],
  ])('must not import one above it: %s', (line, name) => {
    expect(wrongDirections(workspace({ 'core/src/http/client.ts': `${line}\n` }))).toEqual([
      `packages/core/src/http/client.ts must not import ${name}.`,
    ]);
  });

  it('may import test packages in its tests', () => {
    const line = `import { createHome } from '@vastai-cli/testing/home';\n`;
    const files = { 'core/src/a.test.ts': line, 'core/src/test-support/b.ts': line, 'core/test/c.ts': line };
    expect(wrongDirections(workspace(files))).toEqual([]);
  });

  it('that is a plugin must not import the CLI or another plugin', () => {
    const plugin = { name: '@vastai-cli/plugin-keys' };
    const source = `import 'vastai-cli';\nimport '@vastai-cli/plugin-account';\nimport '@vastai-cli/kit/closest';\n`;
    expect(
      wrongDirections(workspace({ 'plugin-keys/package.json': plugin, 'plugin-keys/src/index.ts': source })),
    ).toEqual([
      'packages/plugin-keys/src/index.ts must not import vastai-cli.',
      'packages/plugin-keys/src/index.ts must not import @vastai-cli/plugin-account.',
    ]);
  });
});
