import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runNode } from '@vastai-cli/testing/run';
import { describe, expect, it } from 'vitest';

const packageFolder = fileURLToPath(new URL('..', import.meta.url));

describe('the public surface', () => {
  it('is a list of what other files export, and nothing else', () => {
    const statements = readFileSync(join(packageFolder, 'src', 'index.ts'), 'utf8')
      .replaceAll(/^\/\/ .*$/gmu, '')
      .split(';')
      .map((statement) => statement.trim())
      .filter((statement) => statement !== '');
    expect(statements.length).toBeGreaterThan(10);
    for (const statement of statements)
      expect(statement).toMatch(/^export (?:type )?\{[^}*]*\} from '\.\/[a-z/-]+\.js'$/u);
  });

  it('loads nothing that sends, nothing that starts processes, and changes nothing', async () => {
    const ran = await runNode([join(packageFolder, 'test', 'programs', 'import-core.mjs')], {});
    expect(ran).toMatchObject({ status: 0, stderr: '' });
    const { exported, ...did } = JSON.parse(ran.stdout);
    expect(exported).toContain('openContext');
    expect(did).toEqual({
      globals: [],
      isEnvironmentChanged: false,
      isListenerAdded: false,
      commonJs: [],
      builtIn: [],
      pending: [],
    });
  });

  it('is all that can be imported, except what has "internal" in its name', async () => {
    const load = (name: string) =>
      runNode(['--input-type=module', '-e', `await import('${name}')`], {}, '', packageFolder);
    expect((await load('@vastai-cli/core/internal/base/origin')).status).toBe(0);
    expect((await load('@vastai-cli/core/base/origin')).stderr).toContain('ERR_PACKAGE_PATH_NOT_EXPORTED');
    expect((await load('@vastai-cli/core/dist/index.js')).stderr).toContain('ERR_PACKAGE_PATH_NOT_EXPORTED');
  });
});
