import { dayOf } from '@vastai-cli/core/internal/base/server-time';
import { serverText } from '@vastai-cli/core/internal/base/terminal-safe';
import type { Context } from '@vastai-cli/core/internal/credentials/context';
import { entriesOf } from '@vastai-cli/core/internal/operations/ledger/entries';
import { readLedger } from '@vastai-cli/core/internal/operations/ledger/ledger';
import { count } from '@vastai-cli/permissions/json/count';
import { type Finding, problem } from './finding.js';

/** The most keys to name. */
const MOST = 10;

/** Reports keys of this API whose date, noted by `create api-key --expires`, is over. */
export async function checkExpired({ paths, url }: Pick<Context, 'paths' | 'url'>): Promise<Finding[]> {
  const now = Date.now() / 1000;
  const expired = entriesOf(await readLedger(paths), 'expiry')
    .filter(({ origin, expires }) => origin === url.origin && expires <= now)
    .sort((one, other) => one.expires - other.expires);
  if (expired.length === 0) return [];
  const named = expired.map(({ id, name, expires }) => `${id} "${serverText(name)}" (${dayOf(expires)})`);
  const more = named.length > MOST ? ` and ${named.length - MOST} more` : '';
  const message = `${count(expired.length, 'API key')} ${expired.length === 1 ? 'has' : 'have'} expired: ${named.slice(0, MOST).join(', ')}${more}.`;
  return [problem('expiry', message, [{ do: 'prune-expired' }])];
}
