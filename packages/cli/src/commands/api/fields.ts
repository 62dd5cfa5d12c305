import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { emptyObject, type JsonNode, place, type Step, toText } from './json-tree.js';

/** A field as it was typed. The order of the two flags among each other counts, as in a list. */
export interface TypedField {
  /** `-f` takes the value as a string, `-F` reads it. */
  readonly flag: '-f' | '-F';
  readonly text: string;
}

/** A field with its value. */
export interface Field {
  /** The name as it was typed, such as `key[sub][]`. */
  readonly name: string;
  readonly steps: readonly Step[];
  /** Undefined for a list without items. */
  readonly value: FieldValue | undefined;
}

/** A value in the two forms in which it can be sent. */
interface FieldValue {
  /** The JSON text, for a body. Numbers have the spelling that was typed. */
  readonly json: string;
  /** The characters of a string, otherwise the JSON text, for a query. */
  readonly text: string;
}

/** Reads a file that a field names; `-` means standard input. */
export type ReadFile = (path: string) => Promise<string>;

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/u;
const NAME = /^([^[\]]+)((?:\[[^[\]]*\])*)$/u;

/** The deepest nesting of a field. A deeper one is a mistake. */
const DEEPEST = 50;

/**
 * Reads the fields of a request, and the files that they name.
 *
 * @throws UsageError if one is malformed, or a file cannot be read.
 */
export async function readFields(typed: readonly TypedField[], readFile: ReadFile): Promise<Field[]> {
  const fields: Field[] = [];
  // One after the other: two of them may name standard input, which has to fail.
  for (const one of typed) fields.push(await readField(one, readFile));
  return fields;
}

async function readField({ flag, text }: TypedField, readFile: ReadFile): Promise<Field> {
  const end = text.indexOf('=');
  const isJson = end > 0 && text[end - 1] === ':';
  const name = text.slice(0, end < 0 ? text.length : end - (isJson ? 1 : 0));
  const steps = stepsOf(name);
  if (end < 0) {
    if (steps.at(-1) === 'append') return { name, steps, value: undefined };
    throw new UsageError(`${flag} ${text} has no value.`, `Write ${flag} ${text}=VALUE.`);
  }
  const value = text.slice(end + 1);
  if (isJson && flag === '-f')
    throw new UsageError(`-f takes strings. ${name}:= takes JSON.`, `Write -F '${name}:=JSON'.`);
  if (isJson) return { name, steps, value: await jsonValue(name, value, readFile) };
  return { name, steps, value: flag === '-f' ? stringValue(value) : await typedValue(value, readFile) };
}

function stepsOf(name: string): Step[] {
  const [, first, brackets = ''] = NAME.exec(name) ?? [];
  if (first === undefined)
    throw new UsageError(
      `“${name}” is not a valid field name.`,
      'Use key, key[name] for a field of an object, or key[] for an item of a list.',
    );
  const others = [...brackets.matchAll(/\[([^\]]*)\]/gu)].map(([, inner = '']) => inner);
  if (others.length >= DEEPEST) throw new UsageError('A field is nested too deeply.');
  return [{ name: first }, ...others.map((inner): Step => (inner === '' ? 'append' : { name: inner }))];
}

const stringValue = (text: string): FieldValue => ({ json: JSON.stringify(text), text });

async function typedValue(text: string, readFile: ReadFile): Promise<FieldValue> {
  if (text.startsWith('@')) return stringValue(await readFile(text.slice(1)));
  const isLiteral = ['true', 'false', 'null'].includes(text) || NUMBER.test(text);
  return isLiteral ? { json: text, text } : stringValue(text);
}

async function jsonValue(name: string, typed: string, readFile: ReadFile): Promise<FieldValue> {
  const text = typed.startsWith('@') ? withoutMark(await readFile(typed.slice(1))) : typed;
  requireJson(text, `The value of ${name}`);
  return { json: text, text };
}

/** Removes the byte order mark with which editors on Windows begin a file. JSON does not allow it. */
export function withoutMark(text: string): string {
  return text.replace(/^\uFEFF/u, '');
}

/** @throws UsageError if a text is not JSON. */
export function requireJson(text: string, what: string): void {
  try {
    JSON.parse(text);
  } catch {
    // What Node says quotes the text, which can hold a secret.
    throw new UsageError(`${what} is not valid JSON.`);
  }
}

/**
 * Returns the body of these fields as a JSON text.
 *
 * @throws UsageError if they contradict each other.
 */
export function bodyOf(fields: readonly Field[]): string {
  const root = emptyObject();
  for (const { name, steps, value } of fields) {
    const node: JsonNode | undefined = value && { kind: 'text', json: value.json };
    place(root, steps, node, name);
  }
  return toText(root);
}

/** Returns the names and values of these fields for a query, as they were typed. */
export function queryOf(fields: readonly Field[]): [name: string, value: string][] {
  return fields.map(({ name, value }) => [name, value?.text ?? '']);
}
