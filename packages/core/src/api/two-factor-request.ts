import type { Fields } from '../base/json-object.js';
import { serverText } from '../base/terminal-safe.js';
import type { Client } from '../http/client.js';
import { withoutSecrets } from '../http/masking/redaction.js';
import {
  type ApiResponse,
  readList,
  readObject,
  readOtherId,
  readResponse,
  readString,
  UnexpectedShape,
} from './read-response.js';
import { explained } from './two-factor-errors.js';
import { adviseIfLost } from './unknown-outcome.js';

/** Far more characters than any secret, code or URI of a two-factor route has. */
const LONGEST = 2048;
const MOST_BACKUP_CODES = 100;

/** Backup codes, which the API shows once; null if none came. */
export interface BackupCodes {
  readonly backup_codes: readonly string[] | null;
}

/** A request to a two-factor route that changes something. */
export interface TwoFactorRequest {
  readonly method: 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body: Fields;
  /** Says what may have changed if the response is lost, and how to go on. */
  readonly ifLost: string;
  /** True if the result comes only once, so that an interruption does not end the request. */
  readonly onlyOnce?: boolean;
}

/** Sends a request that is never repeated here, and reads the response. `keep` names secrets that `raw` keeps. */
export async function changed<T>(
  client: Client,
  { ifLost, onlyOnce = false, ...request }: TwoFactorRequest,
  read: (fields: Fields) => T,
  keep: readonly string[] = [],
): Promise<ApiResponse<T>> {
  const work = async () => {
    const response = await client.request(onlyOnce ? { ...request, seenThrough: ifLost } : request);
    const value = readResponse(request, response, (body) => read(readObject(body, 'it')));
    return { value, raw: withoutSecrets(response, keep) };
  };
  // An error of two-factor login says what to do by itself: its outcome is known.
  return adviseIfLost(() => explained(work, request.body), ifLost);
}

/** Says what may have happened if the response to sending a code is lost. Without its secret, a code is of no use. */
export const CODE_IF_LOST =
  'A code may have been sent, but its secret is lost. Request a new code in ten minutes, or use another method.';

/** Returns the fields that have a value. */
export function given(fields: object): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** Reads what the API says, cleaned for a terminal. */
export function messageOf(fields: Fields): string | null {
  const message = readString(fields, 'msg');
  return message === null ? null : serverText(message);
}

/** Reads a string of printable ASCII without spaces. @throws UnexpectedShape for anything else. */
export function readShort(fields: Fields, name: string): string {
  const text = fields[name];
  if (typeof text === 'string' && text.length <= LONGEST && /^[\x21-\x7e]+$/u.test(text)) return text;
  throw new UnexpectedShape(`“${name}” is not a short string without spaces`);
}

/** Reads how many of something there are: null if the API does not say, or says what no number of things is. */
export function readCount(fields: Fields, name: string): number | null {
  const count = readOtherId(fields, name);
  return count === null || count < 0 ? null : count;
}

/** Reads backup codes. @throws UnexpectedShape if there are some that nobody could type */
export function readBackupCodes(fields: Fields): BackupCodes {
  const list = readList(fields.backup_codes ?? [], 'its “backup_codes”');
  if (list.length === 0) return { backup_codes: null };
  if (list.length > MOST_BACKUP_CODES) throw new UnexpectedShape('its “backup_codes” are far too many');
  return { backup_codes: list.map((code) => readShort({ code }, 'code')) };
}
