import type { Fields } from '../base/json-object.js';
import { serverText } from '../base/terminal-safe.js';
import type { Client } from '../http/client.js';
import { withoutSecrets } from '../http/redaction.js';
import {
  type ApiResponse,
  readList,
  readObject,
  readResponse,
  readString,
  UnexpectedShape,
} from './read-response.js';
import { explained } from './two-factor-errors.js';

/** Far more characters than any secret, code or URI of a two-factor route has. */
const LONGEST = 2048;
const MOST_BACKUP_CODES = 100;

/** Backup codes, which the API shows once; null if none came. */
export interface BackupCodes {
  readonly backup_codes: readonly string[] | null;
}

/** Sends a request that is never repeated here, and reads the response. `keep` names secrets that `raw` keeps. */
export async function changed<T>(
  client: Client,
  request: {
    readonly method: 'POST' | 'PUT' | 'DELETE';
    readonly path: string;
    readonly body: Fields;
    readonly seenThrough?: string;
  },
  read: (fields: Fields) => T,
  keep: readonly string[] = [],
): Promise<ApiResponse<T>> {
  const { code, backup_code, secret } = request.body;
  const hidden = [code, backup_code, secret].filter((text) => typeof text === 'string');
  return explained(async () => {
    const response = await client.request(request);
    const value = readResponse(request, response, (body) => read(readObject(body, 'it')));
    return { value, raw: withoutSecrets(response, keep) };
  }, hidden);
}

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
  throw new UnexpectedShape(`“${name}” is no short string without spaces`);
}

/** Reads backup codes. @throws UnexpectedShape if there are some that nobody could type */
export function readBackupCodes(fields: Fields): BackupCodes {
  const codes = fields.backup_codes;
  if (codes === undefined || codes === null) return { backup_codes: null };
  const list = readList(codes, 'its “backup_codes”');
  if (list.length === 0 || list.length > MOST_BACKUP_CODES)
    throw new UnexpectedShape('its “backup_codes” are none, or far too many');
  return { backup_codes: list.map((code) => readShort({ code }, 'code')) };
}
