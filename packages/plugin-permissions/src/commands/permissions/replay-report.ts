import { line, type Part, sentence } from '@vastai-cli/kit/result';
import { type ReplayedCall, replay, worstVerdict } from '@vastai-cli/permissions/authoring/replay';
import type { Decision } from '@vastai-cli/permissions/decision/decide';
import { count } from '@vastai-cli/permissions/json/count';
import { locate } from '@vastai-cli/permissions/json/locate';
import { printable } from '@vastai-cli/permissions/report/formats/printable';
import type { ReferencedDocument } from '../../documents/referenced-document.js';
import type { LoggedCalls } from '../../requested-actions/logged-calls.js';
import { VERDICT_STYLES } from './decision-report.js';

/** Says what a document decides about calls that were made. */
export interface CallsReport extends Readonly<Record<Count, number>> {
  /** That of the worst call. Unknown too if a row or a line could not be read. */
  readonly verdict: Decision['verdict'];
  readonly file: string;
  /** Every different call, the refused ones first. */
  readonly calls: readonly ReplayReportCall[];
  /** The number of rows or lines that are no calls. */
  readonly unreadable: number;
  /** One sentence for each thing that is not known, or that was left out. */
  readonly notes: readonly string[];
}

/** Describes the output of `permissions check --json` for an audit log. */
export interface ReplayReport extends CallsReport {
  /** The keys that made the calls. */
  readonly keys: readonly number[];
  /** The number of rows that were left out because `--key` asks for another key. */
  readonly ofOtherKeys: number;
}

/** The number of calls, of those that the document would allow or refuse, and of those where that is unknown. */
type Count = 'total' | 'allowed' | 'refused' | 'unknown';

export interface ReplayReportCall extends Omit<ReplayedCall, 'at'> {
  /** Position of the part of the document that decided, or null if no part did. */
  readonly line: number | null;
  readonly column: number | null;
}

/** The number of calls to print. A log can have thousands; the JSON document has them all. */
const SHOWN = 100;

/** Decides about every call in an audit log. */
export function replayReport(document: ReferencedDocument, { log, notes }: LoggedCalls): ReplayReport {
  const { keys, ofOtherKeys, unreadable } = log;
  return {
    ...callsReport(document, replay(document.document, log), { unreadable, notes }),
    keys,
    ofOtherKeys,
  };
}

/** Reports calls about which a document has decided. */
export function callsReport(
  { name, text }: ReferencedDocument,
  calls: readonly ReplayedCall[],
  { unreadable, notes }: Pick<CallsReport, 'unreadable' | 'notes'>,
): CallsReport {
  const placeOf = placesIn(text);
  const callsWith = (verdict: Decision['verdict']) =>
    calls.reduce((sum, call) => sum + (call.verdict === verdict ? call.count : 0), 0);
  return {
    verdict: worstVerdict(calls, unreadable),
    file: name,
    total: calls.reduce((sum, call) => sum + call.count, 0),
    allowed: callsWith('allow'),
    refused: callsWith('deny'),
    unknown: callsWith('unknown'),
    calls: calls.map(({ at, ...call }) => ({ ...call, ...placeOf(at) })),
    unreadable,
    notes,
  };
}

/** Returns a function that finds a part of a document, and finds each part only once. */
function placesIn(text: string): (path: string | undefined) => Pick<ReplayReportCall, 'line' | 'column'> {
  const places = new Map<string, Pick<ReplayReportCall, 'line' | 'column'>>();
  return (path) => {
    if (path === undefined) return { line: null, column: null };
    const known = places.get(path);
    if (known !== undefined) return known;
    const { line: at, column } = locate(text, path) ?? { line: null, column: null };
    const place = { line: at, column };
    places.set(path, place);
    return place;
  };
}

/** The words for where the calls come from. */
export interface CallSource {
  /** `logged call` */
  readonly call: string;
  /** `log` */
  readonly whole: string;
}

/** Formats the verdict on the calls, then each call. */
export function replayParts(report: CallsReport, source: CallSource): Part[] {
  const { verdict, calls } = report;
  const more = calls.length - SHOWN;
  return [
    sentence(summaryOf(report, source), [{ text: verdict, style: VERDICT_STYLES[verdict] }, ': ']),
    ...calls.slice(0, SHOWN).map(callPart),
    ...(more > 0 ? [line(`  … and ${more} more. Use --json to see all.`)] : []),
  ];
}

function summaryOf(
  { total, refused, unknown, unreadable }: CallsReport,
  { call, whole }: CallSource,
): string {
  const open = unknown + unreadable;
  if (refused > 0) {
    const also = open === 0 ? '' : ` Whether it allows ${open} more is unknown.`;
    return `The document would deny ${refused} of ${count(total, call)}.${also}`;
  }
  if (open > 0)
    return `Whether the document allows ${open} of ${count(total + unreadable, call)} is unknown.`;
  return total === 0 ? `The ${whole} has no calls.` : `The document allows all of ${count(total, call)}.`;
}

function callPart({ method, path, operations, verdict, reason, count: times }: ReplayReportCall): Part {
  const request = method === null ? path : `${method} ${path}`;
  const known = operations.length === 0 ? '' : ` (${operations.join(' or ')})`;
  const often = times === 1 ? '' : `, ${times} times`;
  const why = verdict === 'allow' ? '' : `: ${reason}`;
  return sentence(`${printable(request)}${known}${often}${why}`, `  ${verdict.padEnd(7)} `);
}
