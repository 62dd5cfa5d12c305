// What scripts rely on, as the files of packages/cli/contract: commands.json, and a JSON Schema of each document.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { commandsOf } from './commands.mjs';
import { fileOf } from './schemas.mjs';

/**
 * @param manifests those of oclif, parsed
 * @param schemas by file name
 * @returns the text of each file by its path in the folder
 */
export function contractFiles(manifests, schemas) {
  const commands = Object.entries(commandsOf(manifests)).map(([command, known]) => {
    const success = fileOf(command);
    const failure = fileOf(command, '.failure');
    const documents = {
      document: Object.hasOwn(schemas, success) ? `schemas/${success}` : null,
      failure: `schemas/${Object.hasOwn(schemas, failure) ? failure : 'failure.json'}`,
    };
    return [command, Object.hasOwn(known.flags, 'json') ? { ...documents, ...known } : known];
  });
  return {
    'commands.json': textOf(Object.fromEntries(commands)),
    ...Object.fromEntries(
      Object.entries(schemas).map(([name, schema]) => [`schemas/${name}`, textOf(schema)]),
    ),
  };
}

const textOf = (value) => `${JSON.stringify(value, null, 2)}\n`;

/** @returns the paths, in order, of files in a folder that are not as wanted, missing, or too many */
export function differences(wanted, folder) {
  const found = filesIn(folder);
  return [...new Set([...Object.keys(wanted), ...Object.keys(found)])]
    .filter((path) => found[path] !== wanted[path])
    .sort();
}

export function writeContract(wanted, folder) {
  for (const path of differences(wanted, folder)) {
    const file = join(folder, path);
    if (wanted[path] === undefined) rmSync(file);
    else {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, wanted[path]);
    }
  }
}

function filesIn(folder) {
  if (!existsSync(folder)) return {};
  const paths = readdirSync(folder, { recursive: true }).filter((path) => path.endsWith('.json'));
  return Object.fromEntries(
    paths.map((path) => [
      path.split(sep).join('/'),
      readFileSync(join(folder, path), 'utf8').replaceAll('\r\n', '\n'),
    ]),
  );
}
