import { type Part, sentence, sized } from '@vastai-cli/kit/result';
import type { Operation } from '@vastai-cli/permissions/catalogue/operation';
import type { Action, Parameters } from '@vastai-cli/permissions/decision/action';
import { combineDecisions, type Decision, decideAction } from '@vastai-cli/permissions/decision/decide';
import { locate } from '@vastai-cli/permissions/json/locate';
import { roomFor } from '@vastai-cli/permissions/report/formats/excerpt';
import { printable } from '@vastai-cli/permissions/report/formats/printable';
import type { ReferencedDocument } from '../../documents/referenced-document.js';
import { notesOn, requireAction } from '../../requested-actions/requested-action.js';

/** The colors of verdicts on a terminal. */
export const VERDICT_STYLES = { allow: 'green', deny: 'red', unknown: 'yellow' } as const;

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
  /** Lists what the command calls only in other forms. It does not affect the verdict. */
  readonly others: readonly OtherFormDecision[];
  /** One sentence for each thing that was given and does not count. */
  readonly notes: readonly string[];
}

/** Describes a form of a command that was not typed. */
export interface OtherFormDecision {
  /** Such as `with --schedule`. */
  readonly when: string;
  /** True if these requests replace those of the plain form, false if they come on top. */
  readonly instead: boolean;
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
 * Decides whether a document allows all requests of an action. For a command, those are the requests of its plain form;
 * what it calls in other forms is decided apart.
 *
 * @throws UsageError if a command or an operation is not in the catalogue.
 */
export function decideQuestion(
  { name, text, document }: ReferencedDocument,
  question: Question,
  parameters: Parameters,
): DecisionReport {
  const action = actionOf(question, parameters);
  const decided = decideRequests(document, action);
  const { verdict, reason, path } = combineDecisions(decided.map(({ decision }) => decision));
  const place = path === undefined ? undefined : locate(text, path);
  return {
    verdict,
    reason,
    file: name,
    line: place?.line ?? null,
    column: place?.column ?? null,
    requests: decided.map(requestDecision),
    others: (action.others ?? []).map(({ when, instead, operations, parameters: theirs }) => ({
      when,
      instead,
      requests: decideRequests(document, { name: action.name, operations, parameters: theirs }).map(
        requestDecision,
      ),
    })),
    notes: notesOn(action),
  };
}

interface DecidedRequest {
  readonly method: string;
  readonly path: string;
  readonly decision: Decision;
}

function requestDecision({ method, path, decision }: DecidedRequest): RequestDecision {
  const { operation = null, category = null, verdict, reason } = decision;
  return { method, path, operation, category, verdict, reason };
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
 * Formats the decision and its reason, the line that decided, and each request, those of other forms last.
 *
 * @param text the text of the document
 */
export function decisionParts(report: DecisionReport, text: string): Part[] {
  const { verdict, reason, requests, others } = report;
  const decision = sentence(reason, [{ text: verdict, style: VERDICT_STYLES[verdict] }, ': ']);
  const isListed = requests.length !== 1 || requests[0]?.operation !== null;
  return [
    decision,
    ...placeParts(report, text),
    ...(isListed ? requests.map((one) => requestPart(one, requests.length > 1)) : []),
    ...others.flatMap(({ when, instead, requests: theirs }) => [
      sentence(`${instead ? 'Instead' : 'Also'} ${printable(when)}:`),
      ...theirs.map((one) => requestPart(one, true)),
    ]),
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
