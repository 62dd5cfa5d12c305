import { type Fields, isObject } from '../base/json-object.js';
import type { Client } from '../http/client.js';
import { path } from '../http/path.js';
import { withoutSecrets } from '../http/redaction.js';
import {
  type ApiResponse,
  readFields,
  readList,
  readNumber,
  readOtherId,
  readResponse,
  readString,
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
  /** The data that was sent to it, usually as JSON. */
  readonly args: string | object | null;
}

/**
 * Returns the audit log of the account: `GET /api/v0/audit_logs/` (Vast.ai's API documentation, “show audit logs”). It
 * records only important actions, so a key that only reads may never appear in it.
 *
 * @throws what `Client.request` throws, and TransportError if the response is not a list of records.
 */
export async function listAuditLogs(client: Client): Promise<ApiResponse<readonly AuditLogRecord[]>> {
  const request = { method: 'GET', path: path`/api/v0/audit_logs/` } as const;
  const response = await client.request(request);
  const value = readResponse(request, response, (list) =>
    readList(list, 'it').flatMap((record) => (isObject(record) ? [readRecord(record)] : [])),
  );
  return { value, raw: withoutSecrets(response) };
}

function readRecord(fields: Fields): AuditLogRecord {
  return {
    api_key_id: readOtherId(fields, 'api_key_id'),
    created_at: readNumber(fields, 'created_at') ?? readString(fields, 'created_at'),
    ip_address: readString(fields, 'ip_address'),
    api_route: readString(fields, 'api_route'),
    args: readString(fields, 'args') ?? readFields(fields, 'args'),
  };
}
