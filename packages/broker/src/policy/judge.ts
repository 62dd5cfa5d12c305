import { isSensitive } from '@vastai-cli/permissions/catalogue/sensitive';
import { isFullAccess } from '@vastai-cli/permissions/decision/access';
import { callParameters } from '@vastai-cli/permissions/decision/call-parameters';
import { type Decision, decide } from '@vastai-cli/permissions/decision/decide';
import { additionFor } from './addition.js';
import { bodyOf, type Call, contestedPath, idsOf, queryText } from './call.js';
import { carriedCall } from './carried-call.js';
import { createdInstances, createsOf } from './creates-of.js';
import { instancesOf } from './instances-of.js';
import type { Objection, Policy, Refusal } from './policy.js';

/** Says how a permitted call ended: `failed` if the API certainly did nothing. */
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
    const calls = carried === undefined || carried === 'unclear' ? [call] : [call, carried];
    // What nothing can allow comes first, so that the ways to allow a call do not end at the next refusal.
    const objection =
      firstOf(calls, objectToRoute) ??
      (carried === 'unclear' ? objectTo(call, 'carried', UNCLEAR) : undefined) ??
      firstOf(calls, (one) => this.#objectToInstances(one)) ??
      firstOf(calls, (one) => this.#objectToCreates(one, one !== call)) ??
      firstOf(calls, (one) => this.#objectToDocument(one)) ??
      firstOf(calls, (one) => this.#objectToOperation(one));
    if (objection !== undefined) return { refusal: this.#refusalOf(objection, calls) };
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

  #objectToInstances(call: Call): Objection | undefined {
    if (this.#policy.ownInstances !== true) return undefined;
    const reached = instancesOf(call);
    if (reached === 'unclear')
      return objectTo(
        call,
        'own_instances',
        'It does not say which instances it affects, and may affect others.',
      );
    const other = reached.find((id) => !this.#own.has(id));
    if (other === undefined) return undefined;
    return objectTo(call, 'own_instances', `This run did not create ${shown(other)}.`);
  }

  #objectToCreates(call: Call, isCarried: boolean): Objection | undefined {
    const { maxCreates } = this.#policy;
    const creates = createsOf(call);
    if (maxCreates === undefined || creates === 0) return undefined;
    // A job runs again and again, so its requests cannot be counted.
    if (isCarried) return objectTo(call, 'max_creates', 'A scheduled job rents instances on its own.');
    if (creates === 'open')
      return objectTo(call, 'max_creates', 'It rents instances on its own, or does not say how many.');
    if (this.#creates + creates <= maxCreates) return undefined;
    const reason = `This run may create at most ${maxCreates}, and has already requested ${this.#creates}.`;
    return objectTo(call, 'max_creates', reason);
  }

  #objectToDocument(call: Call): Objection | undefined {
    const decision = decideOn(this.#policy.document, call);
    if (decision === undefined || decision.verdict === 'allow') return undefined;
    const unknown = decision.verdict === 'unknown' ? ' Unknown effects are refused.' : '';
    return objectTo(call, 'document', `${decision.reason}${unknown}`);
  }

  #objectToOperation(call: Call): Objection | undefined {
    const { document, only, allowSensitive } = this.#policy;
    if (this.#isNotNamed(call)) return objectTo(call, 'only', 'This run is limited to other operations.');
    if (!isFullAccess(document) || only !== undefined || allowSensitive === true) return undefined;
    if (call.known === undefined || !isSensitive(call.known)) return undefined;
    return objectTo(call, 'sensitive', 'Sensitive operations are refused by default.');
  }

  #isNotNamed({ known }: Call): boolean {
    const { only } = this.#policy;
    return (
      only !== undefined && known !== undefined && known.api !== 'public' && !only.includes(known.operation)
    );
  }

  /** Describes a refusal, with all that would allow the request: `calls` are its call, and the one that it carries. */
  #refusalOf({ rule, reason, call }: Objection, calls: readonly Call[]): Refusal {
    const { document } = this.#policy;
    const { method, target, known } = call;
    const refusal = {
      rule,
      method,
      operation: known?.operation ?? null,
      route: known?.route ?? null,
      path: known === undefined ? target.path : null,
      ids: idsOf(call),
      reason,
    };
    if (rule !== 'document' && rule !== 'only') return { ...refusal, lines: [] };
    const allows = (one: unknown, asked: Call) => (decideOn(one, asked)?.verdict ?? 'allow') === 'allow';
    const denied = calls.filter((one) => !allows(document, one));
    const addition = denied.length === 0 ? NOTHING : additionFor(document, denied, allows);
    if (addition === undefined) return { ...refusal, lines: [] };
    const unnamed = calls.filter((one) => this.#isNotNamed(one)).flatMap((one) => one.known?.operation ?? []);
    return { ...refusal, ...addition, only: [...new Set(unnamed)] };
  }
}

const UNCLEAR = 'It contains a request that cannot be checked.';
const NOTHING = { grants: [], lines: [], replaces: [] };

function firstOf(
  calls: readonly Call[],
  object: (call: Call) => Objection | undefined,
): Objection | undefined {
  for (const call of calls) {
    const objection = object(call);
    if (objection !== undefined) return objection;
  }
  return undefined;
}

function objectTo(call: Call, rule: Objection['rule'], reason: string): Objection {
  return { rule, reason, call };
}

function objectToRoute(call: Call): Objection | undefined {
  if (call.known !== undefined) return undefined;
  return objectTo(call, 'unknown_route', 'This route is not in the catalogue of operations.');
}

/** Returns what a document says about a call; undefined if none applies to it. */
function decideOn(document: unknown, call: Call): Decision | undefined {
  // It is sent without the key, so no permission of the key is used.
  if (isFullAccess(document) || call.known?.api === 'public') return undefined;
  const parameters = callParameters(queryText(call), bodyOf(call));
  return decide(document, { method: call.method, path: contestedPath(call), parameters });
}

/** An id comes from the program, and may be anything. */
function shown(id: string): string {
  return /^\d{1,20}$/u.test(id) ? `instance ${id}` : 'this instance';
}
