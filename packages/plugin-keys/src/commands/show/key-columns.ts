import type { ApiKeyRecord } from '@vastai-cli/core/internal/api/api-keys';
import { permissionsInBrief } from '@vastai-cli/kit/render/permissions-in-brief';
import type { Column } from '@vastai-cli/kit/result';
import { count } from '@vastai-cli/permissions/json/count';
import type { ListedKey } from '../../keys/listed-key.js';

/** The columns of the list of keys. */
export const keyColumns: readonly Column<ApiKeyRecord>[] = [
  { title: 'ID', value: ({ id }) => String(id) },
  { title: 'NAME', value: ({ name }) => name ?? '', shrinks: true },
  { title: 'PERMISSIONS', value: permissionsInBrief, shrinks: true },
  { title: 'TEAM', value: ({ team_name }) => team_name ?? '-', shrinks: true },
  { title: 'CREATED', value: ({ created_at }) => dateOf(created_at) },
];

/** Returns the columns of a list of keys. The ID stays first: scripts take it from there. */
export function listedColumns(keys: readonly ListedKey[], withUsage: boolean): readonly Column<ListedKey>[] {
  const mark = { title: 'IN USE', value: ({ in_use: inUse }: ListedKey) => (inUse ? '*' : '') };
  const isKnown = keys.some(({ in_use: inUse }) => inUse !== undefined);
  return [...keyColumns, ...(isKnown ? [mark] : []), ...(withUsage ? usageColumns : [])];
}

// The use of a key comes last: on a narrow terminal, it goes below its row.
const usageColumns: readonly Column<ListedKey>[] = [
  { title: 'EXPIRES', value: ({ expires }) => dateOf(expires ?? null), wraps: true },
  { title: 'LAST USED', value: lastUseOf, wraps: true },
];

function lastUseOf({ usage, last_used: lastUsed, last_ip: address, calls = 0 }: ListedKey): string {
  if (usage === 'never_seen') return 'not seen';
  if (usage === 'not_observable') return 'not observable';
  const from = address ? ` from ${address}` : '';
  return `${dateOf(lastUsed ?? null)}${from}, ${count(calls, 'call')}`;
}

/** Formats a day. The API returns seconds since 1970, or a date as a string. */
export function dateOf(created: ApiKeyRecord['created_at']): string {
  if (typeof created !== 'number') return created?.slice(0, 10) ?? '-';
  const date = new Date(created * 1000);
  return Number.isNaN(date.getTime()) ? '-' : date.toISOString().slice(0, 10);
}
