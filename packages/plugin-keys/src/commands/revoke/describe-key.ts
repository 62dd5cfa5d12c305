import { type ApiKeyRecord, listApiKeys } from '@vastai-cli/core/internal/api/api-keys';
import { listAuditLogs } from '@vastai-cli/core/internal/api/audit-logs';
import { primaryKeys } from '@vastai-cli/core/internal/api/primary-key';
import { isVastaiError } from '@vastai-cli/core/internal/base/errors';
import { secondsOf } from '@vastai-cli/core/internal/base/server-time';
import { serverText } from '@vastai-cli/core/internal/base/terminal-safe';
import type { Client } from '@vastai-cli/core/internal/http/client';
import { permissionsInBrief } from '@vastai-cli/kit/render/permissions-in-brief';

/** A key to delete, and who can tell about it. */
export interface DescribedKey {
  readonly id: number;
  /** The key in the list of its account; `undefined` if no key here may read that list. */
  readonly record: ApiKeyRecord | undefined;
  /** True if it certainly is the primary key of the account. */
  readonly isPrimary: boolean;
  /** Sends a key of the same account. */
  readonly client: Client;
}

/**
 * Looks for a key in the list of the account of the key in use; if it is not there, in the list of its own account.
 *
 * @param own sends the key itself
 * @param ofRun sends the key in use, if that is another one
 */
export async function findRecord(id: number, own: Client, ofRun: Client | undefined): Promise<DescribedKey> {
  for (const client of ofRun === undefined ? [own] : [ofRun, own]) {
    const list = (await unlessRefused(listApiKeys(client)))?.value ?? [];
    const record = list.find((one) => one.id === id);
    if (record === undefined) continue;
    const primary = primaryKeys(list);
    return { id, record, isPrimary: primary.size === 1 && primary.has(id), client };
  }
  return { id, record: undefined, isPrimary: false, client: own };
}

/** Returns the key as a sentence names it: `42 "ci"`. */
export function nameOf({ id, record }: Pick<DescribedKey, 'id' | 'record'>): string {
  return record?.name ? `${id} "${serverText(record.name)}"` : String(id);
}

/** Says what the key may do, and when it was last used, which a person wants to know before and after it is gone. */
export async function description(described: DescribedKey): Promise<string> {
  const { record } = described;
  const permissions = record === undefined ? 'unknown' : permissionsInBrief(record);
  return `API key ${nameOf(described)}. Permissions: ${permissions}. ${await lastUse(described)}`;
}

/** The audit log is only for information, so an error about it does not stop the command. */
async function lastUse({ id, client }: DescribedKey): Promise<string> {
  let last: { readonly time: number; readonly address: string | null } | undefined;
  try {
    for (const { api_key_id: by, created_at: at, ip_address: address } of (await listAuditLogs(client))
      .value) {
      const time = by === id ? secondsOf(at) : null;
      if (time !== null && time > (last?.time ?? -1)) last = { time, address };
    }
  } catch (error) {
    if (!isVastaiError(error) || error.code === 'interrupted') throw error;
    return 'The time of its last use is unknown: the audit log could not be read.';
  }
  if (last === undefined) return 'It is not in the audit log, which records only important actions.';
  const when = new Date(last.time * 1000).toISOString().slice(0, 16).replace('T', ' ');
  const from = last.address === null ? '' : ` from ${serverText(last.address)}`;
  return `Last use in the audit log, which records only important actions: ${when} UTC${from}.`;
}

/** Returns `undefined` if the API does not let the key see the list. */
export async function unlessRefused<T>(response: Promise<T>): Promise<T | undefined> {
  return response.catch((error: unknown) => {
    if (isVastaiError(error) && ['forbidden', 'key_rejected', 'two_factor'].includes(error.code))
      return undefined;
    throw error;
  });
}
