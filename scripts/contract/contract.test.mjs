import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { commandsOf, readManifests } from './commands.mjs';
import { contractFiles, differences, writeContract } from './files.mjs';
import { commandSchemas, schemasOf } from './schemas.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const contract = join(root, 'packages', 'cli', 'contract');

function folder() {
  const path = mkdtempSync(join(tmpdir(), 'vastai-contract-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

/** Runs the comparison of `npm run check` with a copy of the contract that something was changed in. */
function checkAfter(change) {
  const copy = folder();
  cpSync(contract, copy, { recursive: true });
  change({
    edit(path, edited) {
      const document = JSON.parse(readFileSync(join(copy, path), 'utf8'));
      edited(document);
      writeFileSync(join(copy, path), `${JSON.stringify(document, null, 2)}\n`);
    },
    remove: (path) => rmSync(join(copy, path)),
    add: (path) => writeFileSync(join(copy, path), '{}\n'),
  });
  const script = join(root, 'scripts', 'generate-contract.mjs');
  return spawnSync(process.execPath, [script, '--check', copy], { encoding: 'utf8' });
}

describe('the contract check', () => {
  it('fails for a changed flag and a changed document, and names the command that updates both', () => {
    const { status, stderr } = checkAfter(({ edit, remove, add }) => {
      edit('commands.json', (commands) => {
        delete commands['create api-key'].flags.permission_file.aliases;
      });
      edit('schemas/show-user.json', (schema) => {
        schema.properties.email.type = 'number';
      });
      remove('schemas/version.json');
      add('schemas/show-nothing.json');
    });
    expect(status).toBe(1);
    expect(stderr.match(/^contract\/\S+/gmu)).toEqual([
      'contract/commands.json',
      'contract/schemas/show-nothing.json',
      'contract/schemas/show-user.json',
      'contract/schemas/version.json',
    ]);
    expect(stderr).toContain('If that is meant, run: node scripts/generate-contract.mjs');
  });

  it.each([
    ['a flag that goes away', ({ flags }) => delete flags.keep],
    ['a flag that must be given', ({ flags }) => Object.assign(flags.preset, { required: true })],
    ['another default', ({ flags }) => Object.assign(flags.preset, { default: 'host' })],
    ['a value less', ({ flags }) => flags.preset.options.pop()],
    ['a new short form', ({ flags }) => Object.assign(flags.name, { char: 'n' })],
    ['flags that exclude each other', ({ flags }) => Object.assign(flags.keep, { exclusive: ['preset'] })],
    ['a flag that is hidden', ({ flags }) => Object.assign(flags.keep, { hidden: true })],
    ['an alias', ({ aliases }) => aliases.push('make:api-key')],
    ['an argument', ({ args }) => Object.assign(args, { name: { name: 'name', required: true } })],
  ])('finds %s', (_, change) => {
    const manifests = readManifests(root);
    const own = manifests.map(({ commands }) => commands['create:api-key']);
    change(own.find((command) => command !== undefined && command.pluginType !== 'jit'));
    expect(differences(contractFiles(manifests, schemas()), contract)).toEqual(['commands.json']);
  });

  it('ignores text for people', () => {
    const manifests = readManifests(root);
    for (const { commands } of manifests)
      for (const command of Object.values(commands)) {
        Object.assign(command, { summary: 'Other words.', examples: [] });
        for (const flag of Object.values(command.flags)) Object.assign(flag, { description: 'Other words.' });
      }
    expect(commandsOf(manifests)).toEqual(commandsOf(readManifests(root)));
  });

  it('finds an added field of a document', () => {
    const { schema, failure } = schemaOf(
      'export interface Documents { "show user": { id: number; plan?: string } }',
    );
    expect(failure).toBeUndefined();
    const changed = { ...schemas(), 'show-user.json': schema };
    expect(differences(contractFiles(readManifests(root), changed), contract)).toEqual([
      'schemas/show-user.json',
    ]);
  });

  it('writes changed files, and removes unwanted ones', () => {
    const path = folder();
    mkdirSync(join(path, 'schemas'));
    writeFileSync(join(path, 'schemas', 'old.json'), '{}');
    const wanted = contractFiles(readManifests(root), schemas());
    writeContract(wanted, path);
    expect(differences(wanted, path)).toEqual([]);
  });
});

describe('a schema', () => {
  it('is closed, has only the definitions it needs, and includes the additional fields of a failure', () => {
    const { schema, failure } = schemaOf(`
      /** Not needed here. */
      export interface Other { x: number }
      /** A pair. */
      export interface Pair<T> { readonly left: T; right?: T }
      export interface Documents { "show user": readonly Pair<string>[]; other: Other }
      export interface Failures { "show user": { readonly tried?: readonly number[] } }`);
    expect(schema).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'array',
      items: { $ref: '#/$defs/Pairstring' },
    });
    expect(Object.keys(schema.$defs)).toEqual(['Pairstring']);
    expect(schema.$defs.Pairstring).toMatchObject({ required: ['left'], additionalProperties: false });
    expect(failure.properties).toEqual({
      error: { type: 'object' },
      tried: { type: 'array', items: { type: 'number' } },
    });
    expect(failure.additionalProperties).toBe(false);
  });
});

let known;
/** They take seconds to make. */
function schemas() {
  known ??= schemasOf(root);
  return known;
}

function schemaOf(source) {
  const path = folder();
  writeFileSync(join(path, 'json-documents.ts'), source);
  writeFileSync(join(path, 'tsconfig.json'), '{"compilerOptions":{"types":[],"strict":true}}');
  const plain = { type: 'object', properties: { error: { type: 'object' } }, additionalProperties: false };
  const all = commandSchemas(join(path, 'json-documents.ts'), path, plain);
  return { schema: all['show-user.json'], failure: all['show-user.failure.json'] };
}
