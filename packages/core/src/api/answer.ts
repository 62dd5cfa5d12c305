import { type RequestLine, TransportError } from '../errors.js';
import { type Fields, isObject } from '../json-object.js';

/** What a request gives: `value` in this project's stable shape, `raw` as the API put it, without secrets. */
export interface Answer<T> {
  readonly value: T;
  readonly raw: unknown;
}

class UnexpectedShape extends Error {}

/** Reads an answer. @throws TransportError where it does not have the shape that `read` expects. */
export function readAnswer<T>(request: RequestLine, answer: unknown, read: (answer: unknown) => T): T {
  try {
    return read(answer);
  } catch (error) {
    if (!(error instanceof UnexpectedShape)) throw error;
    const { method, path } = request;
    throw new TransportError(
      `The API's answer to ${method} ${path} cannot be understood: ${error.message}.`,
      method !== 'GET',
      {
        hint: 'Check the URL (--url, VAST_URL): is it the Vast.ai API?',
      },
    );
  }
}

export function readObject(value: unknown, what: string): Fields {
  if (isObject(value)) return value;
  throw new UnexpectedShape(`${what} is not an object`);
}

export function readList(value: unknown, what: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new UnexpectedShape(`${what} is not a list`);
}

export function readId(fields: Fields, name = 'id'): number {
  const value = fields[name];
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw new UnexpectedShape(`“${name}” is not a whole number`);
}

/** A field that may be absent or null, which is the same. */
export function readOptional(fields: Fields, name: string, type: 'string'): string | null;
export function readOptional(fields: Fields, name: string, type: 'number'): number | null;
export function readOptional(
  fields: Fields,
  name: string,
  type: 'string' | 'number',
): string | number | null {
  const value = fields[name];
  if (value === undefined || value === null) return null;
  if (typeof value === type) return value as string | number;
  throw new UnexpectedShape(`“${name}” is not a ${type === 'string' ? 'text' : 'number'}`);
}

/** A field that holds an object; absent, null and false mean that there is none. */
export function readOptionalObject(fields: Fields, name: string): Fields | null {
  const value = fields[name];
  if (value === undefined || value === null || value === false) return null;
  return readObject(value, `“${name}”`);
}
