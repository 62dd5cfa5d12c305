import { probeAccess } from '@vastai-cli/core/internal/api/access-probe';
import type { Client } from '@vastai-cli/core/internal/http/client';
import type { CategoryProbe } from '@vastai-cli/permissions/decision/probes';

/** Describes the output of `permissions probe --json`. */
export interface ProbeReport {
  /** Every permission category. */
  readonly categories: readonly ProbedCategory[];
}

export interface ProbedCategory {
  readonly category: string;
  /** `unknown` if the response does not say, `not_probed` if no harmless request would. */
  readonly access: 'yes' | 'no' | 'unknown' | 'not_probed';
  /** The request that was sent, such as `GET /api/v0/volumes/`. */
  readonly request: string | null;
  /** The reason why access is not certain, or the error of the API. */
  readonly reason: string | null;
}

const ONLY_THE_DOCUMENT =
  'Every useful request in this category changes something. To see whether the key has it, read the permissions of the key.';
const NOT_FOR_EVERYONE =
  'The API also denies this to accounts that it does not apply to, such as those without a team.';

/**
 * Sends the request of each probe, one after another.
 *
 * @param onRequest called before each request
 * @throws what `probeAccess` throws.
 */
export async function probeCategories(
  client: Client,
  probes: readonly CategoryProbe[],
  onRequest: () => void,
): Promise<ProbeReport> {
  const categories: ProbedCategory[] = [];
  for (const { category, operation, mayNotApply } of probes) {
    if (operation === undefined) {
      categories.push({ category, access: 'not_probed', request: null, reason: ONLY_THE_DOCUMENT });
      continue;
    }
    onRequest();
    const { access, reason = null } = await probeAccess(client, operation.route);
    const request = `${operation.method} ${operation.route}`;
    if (access === 'denied' && mayNotApply) {
      categories.push({ category, access: 'unknown', request, reason: NOT_FOR_EVERYONE });
    } else categories.push({ category, access: WORDS[access], request, reason });
  }
  return { categories };
}

const WORDS = { allowed: 'yes', denied: 'no', unknown: 'unknown' } as const;
