import { type Part, sentence, sized } from '@vastai-cli/kit/result';
import type { Operation } from '@vastai-cli/permissions/catalogue/operation';
import type { Action, Parameters } from '@vastai-cli/permissions/decision/action';
import { combineDecisions, type Decision, decideAction } from '@vastai-cli/permissions/decision/decide';
import { locate } from '@vastai-cli/permissions/json/locate';
import { roomFor } from '@vastai-cli/permissions/report/formats/excerpt';
import { printable } from '@vastai-cli/permissions/report/formats/printable';
import type { ReferencedDocument } from '../../documents/referenced-document.js';
import { requireAction } from '../../requested-actions/requested-action.js';

const STYLES = { allow: 'green', deny: 'red', unknown: 'yellow' } as const;

/** Holds the action to check. Exactly one field is set. */
export interface Question {
  readonly request?: string | undefined;
  readonly command?: string | undefined;
  readonly operation?: string | undefined;
}

/** Describes the output of `permissions check --json`. */
export interface DecisionReport {
  readonly verdict: Decision['verdict'];
  readonly reason: string;
  readonly file: string;
  /** Position of the part of the document that decided, or null if no part did. */
  readonly line: number | null;
  readonly column: number | null;
  readonly requests: readonly RequestDecision[];
}

export interface RequestDecision {
  readonly method: string;
  readonly path: string;
  /** Null if the route is not in the catalogue. */
  readonly operation: string | null;
  readonly category: string | null;
  readonly verdict: Decision['verdict'];
  readonly reason: string;
}

/**
 * Decides whether a document allows all requests of an action.
 *
 * @throws UsageError if a command or an operation is not in the catalogue.
 */
export function decideQuestion(
  { name, text, document }: ReferencedDocument,
  question: Question,
  parameters: Parameters,
): DecisionReport {
  const decided = decideRequests(document, actionOf(question, parameters));
  const { verdict, reason, path } = combineDecisions(decided.map(({ decision }) => decision));
  const place = path === undefined ? undefined : locate(text, path);
  return {
    verdict,
    reason,
    file: name,
    line: place?.line ?? null,
    column: place?.column ?? null,
    requests: decided.map(({ method, path: target, decision }) => ({
      method,
      path: target,
      operation: decision.operation ?? null,
      category: decision.category ?? null,
      verdict: decision.verdict,
      reason: decision.reason,
    })),
  };
}

interface DecidedRequest {
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

/** Pairs each decision with its request, as typed or built from the route. */
function decideRequests(document: unknown, action: Action): DecidedRequest[] {
  const { operations, parameters, request } = action;
  const requests = request === undefined ? operations.map((one) => requestOf(one, parameters)) : [request];
  return decideAction(document, action).flatMap((decision, index) => {
    const decided = requests[index];
    return decided === undefined ? [] : [{ ...decided, decision }];
  });
}

function requestOf({ method, route }: Operation, parameters: Parameters) {
  const path = route.replace(/\{([^{}]+)\}/gu, (placeholder, name: string) =>
    Object.hasOwn(parameters, name) ? encodeURIComponent(String(parameters[name])) : placeholder,
  );
  return { method, path };
}

/**
 * Formats the decision and its reason, the line that decided, and each request.
 *
 * @param text the text of the document
 */
export function decisionParts(report: DecisionReport, text: string): Part[] {
  const { verdict, reason, requests } = report;
  const decision = sentence(reason, [{ text: verdict, style: STYLES[verdict] }, ': ']);
  const isListed = requests.length !== 1 || requests[0]?.operation !== null;
  return [
    decision,
    ...placeParts(report, text),
    ...(isListed ? requests.map((one) => requestPart(one, requests.length > 1)) : []),
  ];
}

function placeParts({ file, line, column }: DecisionReport, text: string): Part[] {
  if (line === null) return [];
  const source = (text.split(/\r\n|\r|\n/u)[line - 1] ?? '').trim();
  const place = `${printable(file)}:${line}:${column}: `;
  const textFor = (columns: number | undefined) => {
    const shown = printable(source.slice(0, roomFor(place, columns)));
    return { text: place + shown, style: 'dim' } as const;
  };
  return [sized(textFor)];
}

function requestPart(
  { method, path, operation, category, verdict, reason }: RequestDecision,
  hasReason: boolean,
): Part {
  const known = operation === null ? '' : ` (${operation}, ${category})`;
  const why = hasReason ? `: ${reason}` : '';
  return sentence(`${method} ${printable(path)}${known}${why}`, `  ${verdict.padEnd(7)} `);
}
