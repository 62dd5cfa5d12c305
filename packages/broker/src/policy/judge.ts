import { requiredFor } from '@vastai-cli/permissions/authoring/required';
import { isSensitive } from '@vastai-cli/permissions/catalogue/sensitive';
import { isFullAccess } from '@vastai-cli/permissions/decision/access';
import { callParameters } from '@vastai-cli/permissions/decision/call-parameters';
import { decide } from '@vastai-cli/permissions/decision/decide';
import { bodyOf, type Call, contestedPath, idsOf, queryText } from './call.js';
import { carriedCall } from './carried-call.js';
import { createdInstances, createsOf } from './creates-of.js';
import { instancesOf } from './instances-of.js';
import type { Objection, Policy, Refusal } from './policy.js';

/** How a permitted call ended: `failed` if the API certainly did nothing. */
export type Outcome =
  | { readonly kind: 'done'; readonly response: unknown }
  | { readonly kind: 'failed' | 'unknown' };

/** A call that is allowed. Report its outcome, by which later calls are judged. */
export interface Permit {
  /** True if its response says what it did, so that all of it is needed. */
  readonly needsResponse: boolean;
  settle(outcome: Outcome): void;
}

/** Judges the calls of one run. It remembers the instances that the run created, and how many it asked for. */
export class Judge {
  readonly #policy: Policy;
  readonly #own = new Set<string>();
  #creates = 0;

  constructor(policy: Policy) {
    this.#policy = policy;
  }

  /** Judges a call, and the call that it carries. A permitted one counts at once, so that parallel calls cannot both fit. */
  judge(call: Call): Permit | { readonly refusal: Refusal } {
    const carried = carriedCall(call);
    const objection = this.#objectTo(call) ?? this.#objectToCarried(carried, call);
    if (objection !== undefined) return { refusal: refusalOf(objection) };
    const creates = createsOf(call);
    const count = creates === 'open' ? 0 : creates;
    this.#creates += count;
    return {
      needsResponse: creates !== 0,
      settle: (outcome) => {
        if (outcome.kind === 'failed') this.#creates -= count;
        if (outcome.kind === 'done' && creates !== 0)
          for (const id of createdInstances(outcome.response)) this.#own.add(id);
      },
    };
  }

  #objectTo(call: Call): Objection | undefined {
    const object = (rule: Objection['rule'], reason: string): Objection => ({ rule, reason, call });
    const { known, method } = call;
    if (known === undefined)
      return object('unknown_route', 'This route is not in the catalogue of operations.');
    const { operation } = known;
    const { document, only, allowSensitive, ownInstances, maxCreates } = this.#policy;
    if (!isFullAccess(document)) {
      const parameters = callParameters(queryText(call), bodyOf(call));
      const decision = decide(document, { method, path: contestedPath(call), parameters });
      if (decision.verdict !== 'allow') {
        const unknown = decision.verdict === 'unknown' ? ' What is not known is refused.' : '';
        return object('document', `${decision.reason}${unknown}`);
      }
    }
    if (only !== undefined && !only.includes(operation))
      return object('only', 'It is not one of the operations that this run is limited to.');
    const isUnlimited = isFullAccess(document) && only === undefined;
    if (isUnlimited && allowSensitive !== true && isSensitive(known))
      return object('sensitive', 'It is a sensitive operation, which is refused unless it is allowed.');
    if (ownInstances === true) {
      const reached = instancesOf(call);
      if (reached === 'unclear')
        return object('own_instances', 'It does not say which instances it reaches, and may reach others.');
      const other = reached.find((id) => !this.#own.has(id));
      if (other !== undefined)
        return object('own_instances', `This run did not create the instance ${shown(other)}.`);
    }
    return maxCreates === undefined ? undefined : this.#objectToCreates(call, maxCreates, object);
  }

  #objectToCarried(carried: ReturnType<typeof carriedCall>, call: Call): Objection | undefined {
    if (carried === undefined) return undefined;
    if (carried === 'unclear') return unclear(call, this.#policy);
    // A job runs again and again, so its requests cannot be counted.
    if (this.#policy.maxCreates !== undefined && createsOf(carried) !== 0)
      return { rule: 'max_creates', reason: 'A scheduled job rents by itself.', call: carried };
    return this.#objectTo(carried);
  }

  #objectToCreates(
    call: Call,
    most: number,
    object: (rule: Objection['rule'], reason: string) => Objection,
  ): Objection | undefined {
    const creates = createsOf(call);
    if (creates === 'open')
      return object('max_creates', 'It rents by itself, or does not say how many instances.');
    if (creates === 0 || this.#creates + creates <= most) return undefined;
    return object('max_creates', `This run may create ${most}, and has asked for ${this.#creates}.`);
  }
}

function unclear(call: Call, policy: Policy): Objection | undefined {
  const rule = isFullAccess(policy.document)
    ? policy.only === undefined
      ? 'sensitive'
      : 'only'
    : 'document';
  return { rule, reason: 'It carries a request that cannot be judged.', call };
}

function refusalOf({ rule, reason, call }: Objection): Refusal {
  const { method, target, known } = call;
  return {
    rule,
    method,
    operation: known?.operation ?? null,
    route: known?.route ?? null,
    ids: idsOf(call),
    reason,
    lines: rule === 'document' ? (requiredFor(method, target.path)?.lines ?? []) : [],
  };
}

/** An id comes from the program, and may be anything. */
function shown(id: string): string {
  return /^\d{1,20}$/u.test(id) ? id : 'with this id';
}
