import { type ApiKeyRecord, listApiKeys } from '@vastai-cli/core/internal/api/api-keys';
import { LOG_NOT_WHOLE, listAuditLogs } from '@vastai-cli/core/internal/api/audit-logs';
import { type KeyUse, keyUses } from '@vastai-cli/core/internal/api/key-uses';
import { isSystemKey } from '@vastai-cli/core/internal/api/primary-key';
import { listTeamRoles, type TeamRole } from '@vastai-cli/core/internal/api/team-roles';
import { isVastaiError } from '@vastai-cli/core/internal/base/errors';
import { secondsOf } from '@vastai-cli/core/internal/base/server-time';
import type { Client } from '@vastai-cli/core/internal/http/client';
import { printable } from '@vastai-cli/permissions/report/formats/printable';
import type { StoredDocument } from '../documents/referenced-document.js';

/** A key or a role of the account. */
export interface Holder {
  readonly kind: 'key' | 'primary' | 'role';
  /** Stands for the file in findings: `key:42`, `role:dev`. Without control and invisible characters. */
  readonly reference: string;
  readonly id: number | null;
  /** Name as the API sends it. */
  readonly name: string | null;
  readonly access: 'full' | 'limited' | 'unknown';
  /** Null unless access is limited. */
  readonly document: StoredDocument;
  /** True if the API says that Vast.ai itself made the key. It cannot be deleted. */
  readonly isSystem: boolean;
  /** Seconds since 1970. */
  readonly createdAt: number | null;
}

/** The keys and roles of an account, and what is known about their use. */
export interface Account {
  readonly holders: readonly Holder[];
  /** False if the roles could not be listed, so that a role may exist although it is not among the holders. */
  readonly hasRoles: boolean;
  /** The calls in the audit log by id of the key. Undefined without an audit log. */
  readonly uses: ReadonlyMap<number, KeyUse> | undefined;
  /** One sentence for each part that is missing. */
  readonly notes: readonly string[];
}

/**
 * Lists the keys, the roles and the audit log with one request each. A key may lack the permission for the roles or the
 * log, and not every account has a team, so these may be missing.
 *
 * @throws what `listApiKeys` throws, and what `Client.request` throws about the key or the connection.
 */
export async function readAccount(client: Client): Promise<Account> {
  const notes: string[] = [];
  const keys = await listApiKeys(client);
  if (keys.leftOut > 0) notes.push(`Keys without an ID are left out: ${keys.leftOut}.`);
  const roles = await optional(listTeamRoles(client), (said) =>
    notes.push(`Team roles are not included. An account without a team has none. ${said}`),
  );
  if (roles !== undefined && roles.leftOut > 0)
    notes.push(`Roles without a name are left out: ${roles.leftOut}.`);
  const log = await optional(listAuditLogs(client), (said) =>
    notes.push(`The last use of the keys is unknown, because the audit log cannot be read. ${said}`),
  );
  if (log?.isWhole === false) notes.push(LOG_NOT_WHOLE);
  return {
    holders: [...holdersOf(keys.value), ...(roles?.value ?? []).map(roleHolder)],
    hasRoles: roles !== undefined,
    uses: log && keyUses(log.value),
    notes,
  };
}

/** Returns undefined if the API denies this request, or has nothing there. */
async function optional<T>(asked: Promise<T>, onMissing: (said: string) => void): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (!isVastaiError(error) || !['forbidden', 'not_found', 'api_error'].includes(error.code)) throw error;
    onMissing(error.message);
    return undefined;
  }
}

function holdersOf(records: readonly ApiKeyRecord[]): Holder[] {
  const isPrimary = primaryTest(records);
  return records.map((record) => ({
    kind: isPrimary(record) ? 'primary' : 'key',
    reference: `key:${record.id}`,
    id: record.id,
    name: record.name,
    ...accessOf(record),
    isSystem: isSystemKey(record),
    createdAt: secondsOf(record.created_at),
  }));
}

/**
 * Returns a test for the primary key: the one that the list calls so, or else the only one with neither a name nor a
 * document. Among several, none is certain, so each is judged as an ordinary key.
 */
function primaryTest(records: readonly ApiKeyRecord[]): (record: ApiKeyRecord) => boolean {
  const called = records.filter(({ key_type: type }) => type?.toLowerCase() === 'primary');
  if (called.length > 0) return (record) => called.includes(record);
  const nameless = records.filter(({ name, permissions }) => !name && permissions === null);
  return (record) => nameless.length === 1 && record === nameless[0];
}

function roleHolder(role: TeamRole): Holder {
  const { id, name } = role;
  return {
    kind: 'role',
    reference: printable(`role:${name ?? id}`),
    id,
    name,
    ...accessOf(role),
    isSystem: false,
    createdAt: null,
  };
}

function accessOf({
  permissions,
  full_access: fullAccess,
}: Pick<ApiKeyRecord, 'permissions' | 'full_access'>): Pick<Holder, 'access' | 'document'> {
  if (permissions !== null) return { access: 'limited', document: permissions };
  return { access: fullAccess ? 'full' : 'unknown', document: null };
}
