import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { readInputFile } from '@vastai-cli/kit/input/files';
import { type AuditLog, readAuditLog } from '@vastai-cli/permissions/authoring/audit-log';
import { count } from '@vastai-cli/permissions/json/count';
import { firstOf } from '@vastai-cli/permissions/json/first-of';
import { decodeText, MAX_BYTES } from '@vastai-cli/permissions/json/source-text';
import { requireKeyId } from '../documents/key-id.js';
import type { Connect } from '../documents/referenced-document.js';

/** Describes the audit log to read, as typed. */
export interface LogSource {
  /** Path of a file with its rows (`-` for standard input), or undefined to ask the API. */
  readonly file: string | undefined;
  /** The id of the key whose calls to read, or undefined for those of all keys. */
  readonly key: string | undefined;
  /** True if the account is known to have the key. */
  readonly exists?: boolean;
}

/** Holds the calls in an audit log. */
export interface LoggedCalls {
  readonly log: AuditLog;
  /** One sentence for each thing that the log does not say, or that was left out. */
  readonly notes: readonly string[];
}

/** Says what an audit log leaves out, and so nothing here can know. */
const IMPORTANT_ONLY =
  'The audit log records only what Vast.ai considers important: a key may have done more, such as reading.';
/** The number of keys to name. */
const SHOWN = 10;

/**
 * Reads the calls of a key, or of all keys, from an audit log.
 *
 * @throws UsageError if the file cannot be read or holds no rows, or the id is not valid; ApiError if the API returns an
 *   error.
 */
export async function readLoggedCalls(
  { file, key, exists = false }: LogSource,
  connect: Connect,
): Promise<LoggedCalls> {
  const id = key === undefined ? undefined : requireKeyId(key);
  const { rows, notes } = file === undefined ? await requestRows(connect) : await readRows(file);
  const log = readAuditLog(rows, id);
  if (log === undefined) throw notRows(file ?? 'The response');
  return { log, notes: [IMPORTANT_ONLY, ...notes, ...notesOn(log, id, exists)] };
}

/** The rows of a log, as JSON, and what to say about them. */
interface Rows {
  readonly rows: unknown;
  readonly notes: readonly string[];
}

async function requestRows(connect: Connect): Promise<Rows> {
  const { LOG_NOT_WHOLE, listAuditLogs } = await import('@vastai-cli/core/internal/api/audit-logs');
  const { raw: rows, isWhole } = await listAuditLogs(await connect());
  return { rows, notes: isWhole ? [] : [LOG_NOT_WHOLE] };
}

async function readRows(file: string): Promise<Rows> {
  const { name, bytes } = await readInputFile(file);
  if (bytes.length > MAX_BYTES) throw new UsageError(`${name} is larger than 10 MiB.`);
  try {
    return { rows: JSON.parse(decodeText(bytes).text), notes: [] };
  } catch {
    throw notRows(name);
  }
}

function notRows(name: string): UsageError {
  return new UsageError(
    `${name} does not contain an audit log.`,
    'It must be the JSON that the API returns for the audit log: an array of rows. To ask the API for it, use --key ID instead.',
  );
}

function notesOn(
  { calls, keys, ofOtherKeys, unreadable }: AuditLog,
  key: number | undefined,
  exists: boolean,
): string[] {
  const notes: string[] = [];
  if (key !== undefined && calls.length === 0) {
    notes.push(
      `The log has no calls by key ${key}. The key may only read${exists ? '' : ', or may not exist'}.`,
    );
  }
  if (key === undefined && keys.length > 1) {
    notes.push(
      `The log has calls by ${keys.length} keys: ${firstOf(keys, SHOWN)}. Use --key ID to choose one.`,
    );
  }
  if (ofOtherKeys > 0) notes.push(`Left out ${count(ofOtherKeys, 'row')} of other keys.`);
  if (unreadable > 0) {
    const missing = key === undefined ? 'a route' : 'a route or a key';
    notes.push(`Skipped ${count(unreadable, 'row')} without ${missing}.`);
  }
  return notes;
}
