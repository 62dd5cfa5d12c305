import type { RequestLine } from '../base/errors.js';
import { type Fields, isObject } from '../base/json-object.js';
import { foreignResponse } from '../http/foreign-response.js';

/** Holds a response of the API: `value` in this package's stable shape, `raw` as the API put it, without secrets. */
export interface ApiResponse<T> {
  readonly value: T;
  readonly raw: unknown;
}

/** An answer lacks what makes it one. */
export class UnexpectedShape extends Error {}

/** Reads an answer. @throws TransportError where it does not have the shape that `read` expects. */
export function readResponse<T>(request: RequestLine, response: unknown, read: (response: unknown) => T): T {
  try {
    return read(response);
  } catch (error) {
    if (!(error instanceof UnexpectedShape)) throw error;
    throw foreignResponse(request, `cannot be understood: ${error.message}`);
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

/** Reads the id of a record, the one field that everything else needs. */
export function readId(fields: Fields, name = 'id'): number {
  const value = readOtherId(fields, name);
  if (value !== null) return value;
  throw new UnexpectedShape(`“${name}” is not a whole number`);
}

/** Reads a field that nothing depends on: null where it is absent, or not of this type. */
export function readString(fields: Fields, name: string): string | null {
  const value = fields[name];
  return typeof value === 'string' ? value : null;
}

/** Reads a field that nothing depends on: null where it is absent, or no number. */
export function readNumber(fields: Fields, name: string): number | null {
  const value = fields[name];
  return Number.isFinite(value) ? (value as number) : null;
}

/** Reads an id that nothing depends on: null where it is absent, or no whole number. */
export function readOtherId(fields: Fields, name: string): number | null {
  const value = fields[name];
  return Number.isSafeInteger(value) ? (value as number) : null;
}

/** Reads a field that nothing depends on: null where it is absent, or no object. */
export function readFields(fields: Fields, name: string): Fields | null {
  const value = fields[name];
  return isObject(value) ? value : null;
}
