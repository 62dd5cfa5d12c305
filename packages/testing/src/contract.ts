import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';

/** Describes a command in the `commands.json` of a contract. `document` is null if it prints no document. */
interface CommandDocuments {
  readonly document?: string | null;
  readonly failure?: string;
  readonly flags?: Readonly<Record<string, { readonly type: string; readonly char?: string }>>;
}

type Commands = Readonly<Record<string, CommandDocuments>>;

/** The number of schema errors to report. One mistake in a union causes an error for each of its members. */
const MOST_NAMED = 5;

/**
 * Validates a document that a command printed with `--json` against its JSON Schema. The schemas come with the CLI under
 * test, in `contract/` next to its `bin/`. Ignores programs without schemas and output that is not JSON.
 *
 * @param script the script that was started, such as `…/bin/run.js`
 * @throws Error if the document does not match; names the command, the schema and the positions, but no values
 */
export async function checkDocument(script: string, args: readonly string[], stdout: string): Promise<void> {
  if (!args.includes('--json')) return;
  const document = parsed(stdout);
  if (document === undefined) return;
  const folder = join(dirname(script), '..', 'contract');
  const commands = await readJson<Commands>(join(folder, 'commands.json'));
  if (commands === undefined) return;
  const command = commandIn(args, commands);
  const { document: success, failure = 'schemas/failure.json' } = commands[command ?? ''] ?? {};
  const name = isFailure(document) ? failure : success;
  // Documents of third-party plugins and of oclif have no schema.
  if (name === undefined || (command === undefined && !isFailure(document))) return;
  if (name === null)
    throw new Error(`vastai ${command} --json printed a document, but ${folder} has no schema for it.`);
  const schema = await readJson<object>(join(folder, name));
  const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(schema ?? false);
  if (validate(document)) return;
  const errors = (validate.errors ?? []).slice(0, MOST_NAMED).map(sentence);
  throw new Error(
    `The output of vastai ${command} --json does not match contract/${name}: ${errors.join('; ')}`,
  );
}

/** Returns the command in a command line, with flags and their values in any position. */
function commandIn(args: readonly string[], commands: Commands): string | undefined {
  const options = optionsOf(commands);
  const words = args
    .map(hyphenated)
    .filter((word, index, all) => !word.startsWith('-') && !options.has(all[index - 1] ?? ''));
  const found = Object.keys(commands).flatMap((command) => {
    const places = placesOf(command.split(' '), words);
    return places === undefined ? [] : [{ command, first: places[0] ?? 0, length: places.length }];
  });
  found.sort((one, other) => one.first - other.first || other.length - one.length);
  return found[0]?.command;
}

/** Returns every flag that takes the next word as its value, as typed. */
function optionsOf(commands: Commands): ReadonlySet<string> {
  const flags = Object.values(commands).flatMap((command) => Object.entries(command.flags ?? {}));
  return new Set(
    flags
      .filter(([, { type }]) => type === 'option')
      .flatMap(([name, { char }]) => [hyphenated(`--${name}`), `-${char}`]),
  );
}

const hyphenated = (word: string) => word.replaceAll('_', '-');

function placesOf(wanted: readonly string[], words: readonly string[]): number[] | undefined {
  const places: number[] = [];
  for (const word of wanted) {
    const place = words.indexOf(word, (places.at(-1) ?? -1) + 1);
    if (place === -1) return undefined;
    places.push(place);
  }
  return places;
}

function isFailure(document: unknown): boolean {
  return typeof document === 'object' && document !== null && Object.hasOwn(document, 'error');
}

function sentence({ instancePath, message, params }: ErrorObject): string {
  const field = params.additionalProperty ?? params.unevaluatedProperty;
  return `${instancePath || '/'} ${message}${field === undefined ? '' : ` (${field})`}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function readJson<T>(path: string): Promise<T | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : JSON.parse(text);
}
