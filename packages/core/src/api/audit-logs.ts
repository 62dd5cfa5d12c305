import { TransportError } from '../base/errors.js';
import { type Fields, isObject } from '../base/json-object.js';
import type { Client } from '../http/client.js';
import { withoutSecrets } from '../http/masking/redaction.js';
import { path } from '../http/path.js';
import { withoutLoggedSecrets } from './logged-secrets.js';
import {
  type ApiResponse,
  readFields,
  readNumber,
  readObject,
  readResponse,
  readString,
  UnexpectedShape,
} from './read-response.js';

/** One entry of the audit log. A field that the API leaves out, or sends in another type, is null. */
export interface AuditLogRecord {
  /** Id of the key that made the call. */
  readonly api_key_id: number | null;
  /** Time as the API sends it. */
  readonly created_at: string | number | null;
  readonly ip_address: string | null;
  /** Route that was called. Its form is not documented. */
  readonly api_route: string | null;
  /** The data that was sent to it, usually as JSON, without secret fields. */
  readonly args: string | object | null;
}

/** The calls in an audit log. */
export interface AuditLogList extends ApiResponse<readonly AuditLogRecord[]> {
  /** False if the API repeats a page or a token, so that later pages may be missing. */
  readonly isWhole: boolean;
}

/** Warns about a log that is not whole. */
export const LOG_NOT_WHOLE =
  'The API returned the same page of the audit log again, so later pages may be missing.';

/** Longest page to read, in bytes: a log of 100,000 calls takes some 20 MB. */
const LONGEST_PAGE = 64 * 2 ** 20;
/** Most pages to read. A log that goes on after them does not end. */
const MOST_PAGES = 1000;

/**
 * Returns the whole audit log of the account: `GET /api/v0/audit_logs/` (Vast.ai's API documentation, “show audit logs”), in
 * the order of the API. It records only important actions, so a key that only reads may never appear in it.
 *
 * The documentation has one array. If the API returns an object with `next_token`, the pages that follow are read too, up to an
 * empty one. A token or a page that repeats ends the log: a server that does not know `after_token` returns the first page
 * again.
 *
 * @returns as `raw` the array, or the object of the first page with the rows of all pages
 * @throws what `Client.request` throws, and TransportError if a response is not a list of records, or the pages do not end.
 */
export async function listAuditLogs(client: Client): Promise<AuditLogList> {
  const first = await readPage(client, undefined);
  const rows = [...first.rows];
  let last: Page | undefined = first;
  if (first.next !== undefined) {
    for await (const page of pagesAfter(client, first)) {
      for (const row of page?.rows ?? []) rows.push(row);
      last = page;
    }
  }
  const clean = withoutLoggedSecrets(rows);
  return {
    value: clean.flatMap((row) => (isObject(row) ? [readRecord(row)] : [])),
    raw: withoutSecrets(first.around(clean)),
    isWhole: last !== undefined,
  };
}

interface Page {
  readonly rows: readonly unknown[];
  /** Token of the page that follows. */
  readonly next: string | undefined;
  /** Returns the response with other rows. */
  around(rows: readonly unknown[]): unknown;
}

/** Yields the pages that follow, and then `undefined` if one repeats. */
async function* pagesAfter(client: Client, first: Page): AsyncGenerator<Page | undefined> {
  const { createHash } = await import('node:crypto');
  const contentOf = ({ rows }: Page) => createHash('sha256').update(JSON.stringify(rows)).digest('base64');
  const seen = new Set([contentOf(first)]);
  const tokens = new Set<string>();
  for (let token = first.next; token !== undefined; ) {
    if (tokens.has(token)) return yield undefined;
    if (tokens.size === MOST_PAGES) throw new TransportError('The audit log does not end.', false);
    tokens.add(token);
    const page = await readPage(client, token);
    if (page.rows.length === 0) return yield page;
    const content = contentOf(page);
    if (seen.has(content)) return yield undefined;
    seen.add(content);
    yield page;
    token = page.next;
  }
}

async function readPage(client: Client, token: string | undefined): Promise<Page> {
  const route = path`/api/v0/audit_logs/`;
  const query = token === undefined ? '' : `?${new URLSearchParams({ after_token: token })}`;
  const request = { method: 'GET', path: `${route}${query}`, longest: LONGEST_PAGE } as const;
  const response = await client.request(request);
  return readResponse({ ...request, path: route }, response, (list) => {
    if (Array.isArray(list)) return { rows: list, next: undefined, around: (rows) => rows };
    const fields = readObject(list, 'it');
    const { next_token: next, ...rest } = fields;
    const [name, ...more] = Object.keys(rest).filter((one) => Array.isArray(rest[one]));
    if (name === undefined || more.length > 0) throw new UnexpectedShape('it is not a list');
    return {
      rows: rest[name] as readonly unknown[],
      next: readToken(next),
      around: (rows) => ({ ...rest, [name]: rows }),
    };
  });
}

/** Reads the token of the next page; undefined if there is none. @throws UnexpectedShape, since an incomplete log misleads */
function readToken(token: unknown): string | undefined {
  if (token === undefined || token === null || token === '' || token === false) return undefined;
  if (typeof token === 'string' || typeof token === 'number') return String(token);
  throw new UnexpectedShape('its “next_token” is neither a string nor a number');
}

function readRecord(fields: Fields): AuditLogRecord {
  return {
    api_key_id: readKeyId(fields.api_key_id),
    created_at: readNumber(fields, 'created_at') ?? readString(fields, 'created_at'),
    ip_address: readString(fields, 'ip_address'),
    api_route: readString(fields, 'api_route'),
    args: readString(fields, 'args') ?? readFields(fields, 'args'),
  };
}

/** Reads the id of a key, which may be written as a string: a row that is not understood would make a used key look unused. */
function readKeyId(value: unknown): number | null {
  const id = typeof value === 'string' && /^\d{1,15}$/u.test(value) ? Number(value) : value;
  return Number.isSafeInteger(id) ? (id as number) : null;
}
