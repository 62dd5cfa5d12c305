// Makes a JSON Schema of each document that a command prints with --json, from the TypeScript types of these documents:
// `Documents` and `Failures` in each package's src/json-documents.ts, and `FailureDocument` of kit.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createGenerator, RootlessError } from 'ts-json-schema-generator';

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

/**
 * @param root the checkout
 * @returns the schemas by file name: COMMAND.json of what it prints, COMMAND.failure.json of a failure with more to tell,
 *   and failure.json of every other failure
 */
export function schemasOf(root) {
  const folders = readdirSync(join(root, 'packages'))
    .map((name) => join(root, 'packages', name))
    .filter((folder) => existsSync(join(folder, 'src', 'json-documents.ts')));
  const kit = join(root, 'packages', 'kit');
  const failure = failureSchema(typesIn(join(kit, 'src', 'render', 'failure.ts'), kit));
  const ofCommands = folders.map((folder) =>
    commandSchemas(join(folder, 'src', 'json-documents.ts'), folder, failure),
  );
  return Object.assign(
    { 'failure.json': titled('A failure of any other command with --json', failure) },
    ...ofCommands,
  );
}

/**
 * @param path a file with the interface `Documents`, and `Failures` if need be, whose properties are commands
 * @param folder has the tsconfig.json to read it with
 * @param failure the schema of a failure without more to tell
 */
export function commandSchemas(path, folder, failure) {
  const types = typesIn(path, folder);
  const documents = propertiesOf(types, 'Documents').map(([command, schema]) => [
    fileOf(command),
    titled(`What vastai ${command} prints with --json`, schema),
  ]);
  const failures = propertiesOf(types, 'Failures').map(([command, schema]) => [
    fileOf(command, '.failure'),
    titled(`What vastai ${command} prints with --json when it fails`, besides(failure, schema)),
  ]);
  return Object.fromEntries([...documents, ...failures]);
}

export const fileOf = (command, kind = '') => `${command.replaceAll(' ', '-')}${kind}.json`;

/** @returns a schema for each property of an interface; none where the file has no such interface */
function propertiesOf(types, name) {
  const whole = types(name);
  return Object.entries(whole?.properties ?? {}).map(([command, schema]) => [
    command,
    resolved(schema, whole.definitions),
  ]);
}

/** A failure as kit has it is open; here it has only what is named. */
function failureSchema(types) {
  const { definitions, additionalProperties: _, ...schema } = types('FailureDocument');
  return { ...resolved(schema, definitions), additionalProperties: false };
}

function besides(failure, data) {
  return {
    ...failure,
    properties: { ...failure.properties, ...data.properties },
    $defs: { ...failure.$defs, ...data.$defs },
  };
}

/** @returns what gives the schema of a type of a file by its name; `undefined` where there is no such type */
function typesIn(path, folder) {
  const tsconfig = join(folder, 'tsconfig.json');
  // The check of the types is a check of its own.
  const generator = createGenerator({ path, tsconfig, topRef: false, skipTypeCheck: true });
  return (name) => {
    try {
      return generator.createSchema(name);
    } catch (error) {
      if (error instanceof RootlessError) return undefined;
      throw error;
    }
  };
}

/** A schema with those definitions that it refers to. */
function resolved(schema, definitions) {
  const needed = new Set();
  const collect = (part) => {
    for (const [, encoded] of JSON.stringify(part).matchAll(/"#\/definitions\/([^"]*)"/gu)) {
      const name = decodeURIComponent(encoded);
      if (needed.has(name)) continue;
      needed.add(name);
      collect(definitions[name]);
    }
  };
  collect(schema);
  const only = schema.$ref === undefined ? undefined : decodeURIComponent(schema.$ref.split('/').at(-1));
  const body = only === undefined ? schema : definitions[only];
  const isUsedAgain = only !== undefined && JSON.stringify(definitions).includes(schema.$ref);
  if (only !== undefined && !isUsedAgain) needed.delete(only);
  const parts = [...needed].sort().map((name) => [plain(name), renamed(definitions[name])]);
  const { $schema: _, definitions: __, ...rest } = renamed(body);
  return { ...rest, ...(parts.length === 0 ? {} : { $defs: Object.fromEntries(parts) }) };
}

/** With the references of 2020-12, and without the signs of TypeScript in them. */
function renamed(schema) {
  const text = JSON.stringify(schema).replace(
    /"#\/definitions\/([^"]*)"/gu,
    (_, name) => `"#/$defs/${plain(decodeURIComponent(name))}"`,
  );
  return JSON.parse(text);
}

const plain = (name) => name.replace(/\W/gu, '');

function titled(title, { $defs, ...schema }) {
  return { $schema: DIALECT, title, ...schema, ...($defs === undefined ? {} : { $defs }) };
}
