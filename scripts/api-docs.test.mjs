import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { namesIn, readDeclarations, withoutDocs } from './api-docs/declarations.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

describe('the check of public types', () => {
  let folder;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'vastai-api-'));
    for (const path of ['scripts/generate-docs.mjs', 'scripts/api-docs', 'docs', 'packages/core/dist'])
      cpSync(join(root, path), join(folder, path), { recursive: true });
    for (const path of ['src/index.ts', 'public-api.txt', 'package.json', 'examples'])
      cpSync(join(root, 'packages/core', path), join(folder, 'packages/core', path), { recursive: true });
    mkdirSync(join(folder, 'packages'), { recursive: true });
    symlinkSync(join(root, 'packages/permissions'), join(folder, 'packages/permissions'), 'junction');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const generate = (...args) =>
    spawnSync(process.execPath, [join(folder, 'scripts/generate-docs.mjs'), ...args], { encoding: 'utf8' });

  function plant(path, before, after) {
    const file = join(folder, 'packages/core', path);
    const text = readFileSync(file, 'utf8');
    expect(text).toContain(before);
    writeFileSync(file, text.replace(before, after));
  }

  function expectReported(...lines) {
    const checked = generate('--check');
    expect(checked.status).toBe(1);
    for (const line of lines) expect(checked.stderr).toContain(`${line}\n`);
    expect(checked.stderr).toContain(
      'packages/core/public-api.txt no longer says what @vastai-cli/core exports',
    );
    expect(checked.stderr).toContain('Run: node scripts/generate-docs.mjs');
    expect(generate().status).toBe(0);
    expect(generate('--check')).toMatchObject({ status: 0, stderr: '' });
  }

  it('passes while nothing has changed', () => {
    expect(generate('--check')).toMatchObject({ status: 0, stderr: '' });
  });

  it('fails on a changed signature, with its lines and the command that accepts it', () => {
    plant(
      'dist/credentials/remove.d.ts',
      'removeKeys(context: Context)',
      'removeKeys(context: Context, all: true)',
    );
    expectReported(
      '- export declare function removeKeys(context: Context): Promise<KeyPlace[]>;',
      '+ export declare function removeKeys(context: Context, all: true): Promise<KeyPlace[]>;',
    );
  });

  it('fails on a changed field of a type that an export uses', () => {
    plant('dist/secrets/store.d.ts', 'discard(): Promise<void>', 'discard(): Promise<boolean>');
    expectReported('+     discard(): Promise<boolean>;');
  });

  it('fails on a removed export', () => {
    plant('src/index.ts', "export { path } from './http/path.js';", '');
    expectReported(
      '- export declare function path(parts: TemplateStringsArray, ...values: readonly (string | number)[]): string;',
    );
  });

  it('ignores a changed docstring', () => {
    plant('dist/credentials/remove.d.ts', 'Removes the key of', 'Takes away the key of');
    const { status, stderr } = generate('--check');
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: 'docs/api/core.md is out of date.\nRun: node scripts/generate-docs.mjs\n',
    });
  });
});

describe('reading declarations', () => {
  const TEXT = `import { type A, B as C } from './a.js';
import type { D } from 'elsewhere';
/** Says what it is: "a; b {". */
export interface E extends A {
    /** A field; with { a brace. */
    readonly f?: C;
    g(h: string): void;
}
declare const I: readonly ['; {', "}"];
// No docstring.
export type J = {
    readonly k: \`\${string};\`;
} | (typeof I)[number];
/** Does one thing. */
export declare function l(m: E): J;
export declare function l(m: string): J;
export {};
`;

  it('finds each declaration with its docstring, whatever strings and comments contain', () => {
    const { declarations, imports } = readDeclarations(TEXT);
    expect([...declarations.keys()]).toEqual(['E', 'I', 'J', 'l']);
    expect(declarations.get('E').doc).toBe('/** Says what it is: "a; b {". */');
    expect(declarations.get('J').doc).toBe('');
    expect(declarations.get('l').code.split('\n')).toHaveLength(2);
    expect(Object.fromEntries(imports)).toEqual({
      A: { from: './a.js', name: 'A' },
      C: { from: './a.js', name: 'B' },
    });
  });

  it('distinguishes the names that a declaration uses from those that it declares', () => {
    const { declarations } = readDeclarations(TEXT);
    const names = namesIn(declarations.get('E').code);
    for (const name of ['A', 'C']) expect(names).toContain(name);
    for (const name of ['f', 'h', 'brace']) expect(names).not.toContain(name);
    expect(withoutDocs(declarations.get('E').code)).not.toContain('brace');
  });
});
