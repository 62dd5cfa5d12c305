import type { RequestLine } from '../base/errors.js';
import { type Fields, isObject } from '../base/json-object.js';
import { foreignResponse } from '../http/errors/foreign-response.js';

/** A response of the API: `value` has a stable shape, `raw` is what the API sent, without secrets. */
export interface ApiResponse<T> {
  readonly value: T;
  readonly raw: unknown;
}

/** Reports a response without a required field. `readResponse` turns it into a TransportError. */
export class UnexpectedShape extends Error {}

/** Reads a response with `read`. @throws TransportError if it does not have the shape that `read` expects. */
export function readResponse<T>(request: RequestLine, response: unknown, read: (response: unknown) => T): T {
  try {
    return read(response);
  } catch (error) {
    if (!(error instanceof UnexpectedShape)) throw error;
    throw foreignResponse(request, `cannot be understood: ${error.message}`);
  }
}

/** Reads an object. @throws UnexpectedShape for any other value, which `what` names. */
export function readObject(value: unknown, what: string): Fields {
  if (isObject(value)) return value;
  throw new UnexpectedShape(`${what} is not an object`);
}

/** Reads a list. @throws UnexpectedShape for any other value, which `what` names. */
export function readList(value: unknown, what: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new UnexpectedShape(`${what} is not a list`);
}

/** Reads a list that is the response itself, or the only list in it. @throws UnexpectedShape for any other value. */
export function readOnlyList(response: unknown): readonly unknown[] {
  if (Array.isArray(response)) return response;
  const lists = Object.values(readObject(response, 'it')).filter(Array.isArray);
  const [list] = lists;
  if (list === undefined || lists.length > 1) throw new UnexpectedShape('it is not a list');
  return list;
}

/**
 * Checks that a response confirms a change, by a sentence or by a field that says so.
 *
 * @throws UnexpectedShape if it does not.
 */
export function requireConfirmation(response: unknown): void {
  if (typeof response === 'string' ? response.trim() !== '' : response === null) return;
  const { success, status, msg, message } = readObject(response, 'it');
  if (success === true || status === 'success') return;
  const isSaid = typeof msg === 'string' || typeof message === 'string';
  if (!isSaid || status !== undefined) throw new UnexpectedShape('it does not confirm the change');
}

/** Reads the id of a record, its only required field. @throws UnexpectedShape if it is not a whole number. */
export function readId(fields: Fields, name = 'id'): number {
  const value = readOtherId(fields, name);
  if (value !== null) return value;
  throw new UnexpectedShape(`“${name}” is not a whole number`);
}

/** Reads an optional string: null if it is absent or of another type. */
export function readString(fields: Fields, name: string): string | null {
  const value = fields[name];
  return typeof value === 'string' ? value : null;
}

/** Reads an optional number: null if it is absent or of another type. */
export function readNumber(fields: Fields, name: string): number | null {
  const value = fields[name];
  return Number.isFinite(value) ? (value as number) : null;
}

/** Reads an optional id: null if it is absent or not a whole number. */
export function readOtherId(fields: Fields, name: string): number | null {
  const value = fields[name];
  return Number.isSafeInteger(value) ? (value as number) : null;
}

/** Reads an optional object: null if it is absent or of another type. */
export function readFields(fields: Fields, name: string): Fields | null {
  const value = fields[name];
  return isObject(value) ? value : null;
}
