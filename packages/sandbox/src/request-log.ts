import type { IncomingMessage } from 'node:http';
import { replaceUnseen } from '@vastai-cli/permissions/json/unseen';
import { type Accounts, suffixOf } from './accounts.js';
import type { Sessions } from './sessions.js';

/** One request as it arrived. */
export interface RequestRecord {
  readonly method: string;
  /** As it was on the wire: not decoded, `..` not resolved, without the query. */
  readonly path: string;
  /** Everything after the `?`, not decoded; empty if there was none. */
  readonly query: string;
  /** Lower-case names; the value of `authorization` keeps its scheme and last four characters only. */
  readonly headers: Readonly<Record<string, string>>;
  /**
   * The scheme, and the id of the key, live or revoked; null if the key is unknown. A session has the id of its key and its
   * own. Null without the header.
   */
  readonly authorization: {
    readonly scheme: string;
    readonly keyId: number | null;
    readonly sessionId?: number;
  } | null;
  /** The body parsed as JSON, else its text; undefined if there was none. */
  readonly body: unknown;
  readonly bodyText: string;
  /** Status of the response; null before it is sent, and for good if the connection was dropped. */
  readonly status: number | null;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
/** A record that is still being filled. */
export type OpenRecord = Mutable<RequestRecord>;

const MOST_RECORDS = 10_000;
const LONGEST_PRINTED_BODY = 400;

/** Keeps the newest requests of one sandbox, in order of arrival. */
export class RequestLog {
  readonly records: OpenRecord[] = [];
  readonly #accounts: Accounts;

  readonly #sessions: Sessions;

  constructor(accounts: Accounts, sessions: Sessions) {
    this.#accounts = accounts;
    this.#sessions = sessions;
  }

  /** Starts the record of a request. */
  open(incoming: IncomingMessage): OpenRecord {
    const [path, query] = splitOnce(incoming.url ?? '/', '?');
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(incoming.headers)) headers[name] = String(value);
    let authorization: RequestRecord['authorization'] = null;
    if (headers.authorization !== undefined) {
      const [scheme, value] = splitOnce(headers.authorization, ' ');
      const session = this.#sessions.lookUp(value)?.session;
      authorization =
        session === undefined
          ? { scheme, keyId: this.#accounts.lookUp(value)?.key.id ?? null }
          : { scheme, keyId: session.keyId, sessionId: session.id };
      headers.authorization = `${scheme} ${suffixOf(value)}`;
    }
    const record: OpenRecord = {
      method: incoming.method ?? 'GET',
      path,
      query,
      headers,
      authorization,
      body: undefined,
      bodyText: '',
      status: null,
    };
    this.records.push(record);
    if (this.records.length > MOST_RECORDS) this.records.shift();
    return record;
  }

  /** Returns a request as one line: keys, sessions and codes masked, no control characters, long bodies cut. */
  print(record: RequestRecord): string {
    const { method, path, query, authorization, body, status } = record;
    const target = query === '' ? path : `${path}?${query}`;
    const session = authorization?.sessionId === undefined ? '' : `session ${authorization.sessionId} of `;
    const caller = authorization === null ? 'no key' : `${session}key ${authorization.keyId ?? 'unknown'}`;
    const sent = body === undefined ? '' : ` ${cut(this.#mask(printedBody(path, body)))}`;
    const line = `${this.#mask(`${method} ${target}`)} (${caller})${sent} -> ${status ?? 'no response'}`;
    return replaceUnseen(line, () => '?');
  }

  #mask(text: string): string {
    return this.#sessions.mask(this.#accounts.mask(text));
  }
}

/** Returns a body as JSON, without the codes and secrets of two-factor login. */
function printedBody(path: string, body: unknown): string {
  const hidden = path.startsWith('/api/v0/tfa/') ? ['code', 'backup_code', 'secret'] : [];
  return JSON.stringify(body, (name, value) => (hidden.includes(name) ? '…' : value));
}

function cut(text: string): string {
  return text.length > LONGEST_PRINTED_BODY ? `${text.slice(0, LONGEST_PRINTED_BODY)}…` : text;
}

/** Splits at the first separator; the second part is empty if there is none. */
function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}
