import type { Operation } from '@vastai-cli/permissions/catalogue/operation';
import type { Action, Parameters } from '@vastai-cli/permissions/decision/action';
import {
  combineDecisions,
  type Decision,
  decideAction,
  type Verdict,
} from '@vastai-cli/permissions/decision/decide';
import { locate } from '@vastai-cli/permissions/json/locate';
import { requireAction } from './requested-action.js';
import type { ValidDocument } from './valid-document.js';

/** What is asked about; exactly one of them. */
export interface Question {
  readonly request?: string | undefined;
  readonly command?: string | undefined;
  readonly operation?: string | undefined;
}

/** What `permissions check --json` prints. */
export interface VerdictReport {
  readonly verdict: Verdict;
  readonly reason: string;
  readonly file: string;
  /** Where the part of the document stands that decided; null where none did. */
  readonly line: number | null;
  readonly column: number | null;
  readonly requests: readonly RequestVerdict[];
}

export interface RequestVerdict {
  readonly method: string;
  readonly path: string;
  /** Null for a route that the catalogue does not have. */
  readonly operation: string | null;
  readonly category: string | null;
  readonly verdict: Verdict;
  readonly reason: string;
}

/**
 * Decides whether a document allows what is asked: all the requests of it.
 *
 * @throws UsageError for a command or an operation that the catalogue does not have.
 */
export function answerQuestion(
  { name, text, document }: ValidDocument,
  question: Question,
  parameters: Parameters,
): VerdictReport {
  const asked = askedRequests(document, actionOf(question, parameters));
  const { verdict, reason, path } = combineDecisions(asked.map(({ decision }) => decision));
  const place = path === undefined ? undefined : locate(text, path);
  return {
    verdict,
    reason,
    file: name,
    line: place?.line ?? null,
    column: place?.column ?? null,
    requests: asked.map(({ method, path: target, decision }) => ({
      method,
      path: target,
      operation: decision.operation ?? null,
      category: decision.category ?? null,
      verdict: decision.verdict,
      reason: decision.reason,
    })),
  };
}

interface AskedRequest {
  readonly method: string;
  readonly path: string;
  readonly decision: Decision;
}

function actionOf({ request, command, operation = '' }: Question, parameters: Parameters): Action {
  if (request !== undefined) return requireAction('request', request, parameters);
  return command === undefined
    ? requireAction('operation', operation, parameters)
    : requireAction('command', command, parameters);
}

/** Pairs every decision with the request that it is about, as it was written or as the route has it. */
function askedRequests(document: unknown, action: Action): AskedRequest[] {
  const { operations, parameters, request } = action;
  const requests = request === undefined ? operations.map((one) => requestOf(one, parameters)) : [request];
  return decideAction(document, action).flatMap((decision, index) => {
    const asked = requests[index];
    return asked === undefined ? [] : [{ ...asked, decision }];
  });
}

function requestOf({ method, route }: Operation, parameters: Parameters) {
  const path = route.replace(/\{([^{}]+)\}/gu, (placeholder, name: string) =>
    Object.hasOwn(parameters, name) ? encodeURIComponent(String(parameters[name])) : placeholder,
  );
  return { method, path };
}
