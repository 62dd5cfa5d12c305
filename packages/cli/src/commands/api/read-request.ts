import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { apiPath, withQuery } from '@vastai-cli/core/internal/http/api-path';
import { parseHeader } from '@vastai-cli/core/internal/http/request-headers';
import { readInputFile } from '@vastai-cli/kit/input/files';
import type { ApiCall } from './api-call.js';
import {
  bodyOf,
  type Field,
  queryOf,
  readFields,
  requireJson,
  type TypedField,
  withoutMark,
} from './fields.js';
import { type ApiFlagValues, isMethod, methodAdvice } from './flags.js';

const LONGEST_MIB = 10;
const LONGEST = LONGEST_MIB * 1024 * 1024;

/**
 * Reads the request that the flags describe, and the files and the input that they name.
 *
 * @param typed the fields in the order in which they were typed
 * @throws UsageError if it cannot be sent as it is.
 */
export async function readRequest(
  path: string,
  flags: ApiFlagValues,
  typed: readonly TypedField[],
  baseUrl: URL,
): Promise<ApiCall> {
  const { data } = flags;
  if (data !== undefined && typed.length > 0)
    throw new UsageError('-d sets the whole body. Use it without -f and -F.');
  const method = flags.method ?? (data === undefined && typed.length === 0 ? 'GET' : 'POST');
  if (method === 'GET' && data !== undefined)
    throw new UsageError('A GET request has no body.', 'With -X GET, -f and -F add parameters to the query.');
  if (flags.output === '') throw new UsageError('The name of the file (-o) is empty.');
  if (flags.paginate && method !== 'GET') throw new UsageError('--paginate is for GET requests.');
  const target = await withFinalSlash(method, apiPath(requireFilled(requireNoMethod(path)), baseUrl));
  const headers = Object.fromEntries((flags.header ?? []).map(parseHeader));
  const fields = await readFields(typed, readText);
  const request = { method, headers, showSecrets: flags['show-secrets'] };
  if (method === 'GET') return { ...request, path: withQuery(target, queryOf(fields)) };
  const body = data === undefined ? bodyFrom(fields) : await readData(data);
  return { ...request, path: target, ...(body === undefined ? {} : { body }) };
}

function bodyFrom(fields: readonly Field[]): string | undefined {
  return fields.length === 0 ? undefined : bodyOf(fields);
}

async function readData(data: string): Promise<string> {
  const file = data === '-' ? '-' : data.startsWith('@') ? data.slice(1) : undefined;
  const text = file === undefined ? data : withoutMark(await readText(file));
  requireJson(text, 'The body (-d)');
  return text;
}

/** @throws UsageError if a file cannot be read, is too long, or is not text. */
async function readText(path: string): Promise<string> {
  const { name, bytes } = await readInputFile(path);
  if (bytes.length > LONGEST) throw new UsageError(`${name} is longer than ${LONGEST_MIB} MiB.`);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new UsageError(`${name} is not UTF-8 text.`);
  }
}

/** @throws UsageError for a method in front of the path, as --describe takes it. */
function requireNoMethod(path: string): string {
  const [, method] = /^(\w+)\s/u.exec(path) ?? [];
  if (method === undefined || !isMethod(method)) return path;
  throw new UsageError('PATH begins with a method.', methodAdvice(method));
}

/** @throws UsageError for a route whose placeholder nobody replaced, as completion and --list offer it. */
function requireFilled(path: string): string {
  const [placeholder] = /\{[^{}]*\}/u.exec(path.replace(/\?.*$/su, '')) ?? [];
  if (placeholder === undefined) return path;
  throw new UsageError(`Replace ${placeholder} in the path with a value.`);
}

/** Adds the final slash that a route of the catalogue has, so that the API does not answer with a redirect. */
async function withFinalSlash(method: string, path: string): Promise<string> {
  const [, bare = '', query = ''] = /^([^?]*)(.*)$/su.exec(path) ?? [];
  if (bare.endsWith('/')) return path;
  const { findOperation } = await import('./catalogue.js');
  return findOperation(method, bare)?.operation.route.endsWith('/') ? `${bare}/${query}` : path;
}
