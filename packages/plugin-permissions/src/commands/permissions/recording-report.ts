import { line, type Part, sentence } from '@vastai-cli/kit/result';
import type { LoggedCall } from '@vastai-cli/permissions/authoring/audit-log';
import { replay } from '@vastai-cli/permissions/authoring/replay';
import { usesOf } from '@vastai-cli/permissions/authoring/used-grants';
import { count } from '@vastai-cli/permissions/json/count';
import { lineFinder } from '@vastai-cli/permissions/json/line-finder';
import { printable } from '@vastai-cli/permissions/report/formats/printable';
import type { ReferencedDocument } from '../../documents/referenced-document.js';
import type { Recordings } from '../../requested-actions/recordings.js';
import { type CallsReport, callsReport, replayParts } from './replay-report.js';

/** Describes the output of `permissions check --json` for recordings. */
export interface RecordingReport extends CallsReport {
  /** The number of calls that a run refused, and that were left out. */
  readonly leftOut: number;
  /** The grants of the document that no recorded call used. */
  readonly unused: readonly UnusedGrant[];
  /** True if `--no-unused` fails because of them. */
  readonly failsUnused: boolean;
}

interface UnusedGrant {
  /** A category such as `misc`, or `instance_write:api.instance.destroy`. */
  readonly grant: string;
  /** The line in the document, or null for full access. */
  readonly line: number | null;
}

/** The number of unused grants to print. The JSON document has them all. */
const SHOWN = 100;

/** Decides about every call in recordings, and finds the grants that none of them used. */
export function recordingReport(
  source: ReferencedDocument,
  { calls, refused, unreadable, notes }: Recordings,
  noUnused = false,
): RecordingReport {
  const replayed = replay(source.document, { calls });
  const lineOf = lineFinder(source.text);
  const unused = usesOf(source.document, replayed)
    .filter((use) => use.calls.length === 0)
    .map(({ grant }) => ({ grant: grant.name, line: lineOf(grant.path) ?? null }));
  return {
    ...callsReport(source, replayed, { unreadable, notes }),
    leftOut: refused.reduce((sum: number, call: LoggedCall) => sum + call.count, 0),
    unused,
    failsUnused: noUnused && unused.length > 0,
  };
}

/** Formats the verdict, each call, and the grants that were not used. */
export function recordingParts(report: RecordingReport): Part[] {
  const { file, unused, failsUnused } = report;
  const gate = `${count(unused.length, 'grant')} of ${printable(file)} ${unused.length === 1 ? 'was' : 'were'} never used.`;
  return [
    ...replayParts(report, { call: 'recorded call', whole: 'recording' }),
    ...unused
      .slice(0, SHOWN)
      .map(({ grant, line: at }) =>
        sentence(
          `${printable(grant)}${at === null ? '' : ` (line ${at})`}: No recorded call used it.`,
          '  unused  ',
        ),
      ),
    ...(unused.length > SHOWN ? [line(`  … and ${unused.length - SHOWN} more. Use --json to see all.`)] : []),
    ...(failsUnused ? [sentence(gate, [{ text: 'Gate failed:', style: 'red' }, ' '])] : []),
  ];
}
