import { statSync } from 'node:fs';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { partsUpTo } from '@vastai-cli/core/internal/files/bounded-read';
import { partsOfInputFile } from '@vastai-cli/kit/input/files';
import type { LoggedCall } from '@vastai-cli/permissions/authoring/audit-log';
import {
  MOST_CALLS,
  RecordingReader,
  type RecordingSummary,
} from '@vastai-cli/permissions/authoring/recording-reader';
import { carriesRequest } from '@vastai-cli/permissions/catalogue/carriers';
import { count } from '@vastai-cli/permissions/json/count';
import { firstOf } from '@vastai-cli/permissions/json/first-of';
import { printable } from '@vastai-cli/permissions/report/formats/printable';

/** Combines the contents of any number of recordings. */
export interface Recordings {
  /** The different calls that count. */
  readonly calls: readonly LoggedCall[];
  /** The different calls that the runs refused, and that do not count. */
  readonly refused: readonly LoggedCall[];
  /** The number of lines that are no calls. */
  readonly unreadable: number;
  /** One sentence for each thing that was left out. */
  readonly notes: readonly string[];
}

/** The largest recording. A run writes at most 100 MiB into one. */
const MOST_BYTES = 1024 * 1024 * 1024;
/** The number of operations to name. */
const SHOWN = 5;

/**
 * Reads recordings of `exec --broker --record`. A file that is given twice counts once.
 *
 * @param includeRefused true if calls that a run refused count too
 * @throws UsageError if a file cannot be read, is not a recording, or is too large.
 */
export async function readRecordings(files: readonly string[], includeRefused: boolean): Promise<Recordings> {
  const reader = new RecordingReader();
  const summaries: RecordingSummary[] = [];
  const notes: string[] = [];
  for (const file of differentFiles(files)) {
    const name = file === '-' ? '<stdin>' : file;
    const summary = await readRecording(reader, file, name);
    summaries.push(summary);
    notes.push(...notesOn(summary, printable(name)));
  }
  const refused = reader.calls('refused');
  const allowed = reader.calls('allowed');
  const calls = includeRefused ? [...allowed, ...refused] : allowed;
  return {
    calls,
    refused: includeRefused ? [] : refused,
    unreadable: summaries.reduce((sum, one) => sum + one.unreadable, 0),
    notes: [...notes, ...notesOnCarriers(calls), ...(includeRefused ? [] : notesOnRefused(refused))],
  };
}

async function readRecording(reader: RecordingReader, file: string, name: string): Promise<RecordingSummary> {
  const tooLarge = () => new UsageError(`${name} is larger than 1 GiB.`);
  for await (const part of partsUpTo(partsOfInputFile(file), MOST_BYTES, tooLarge)) {
    if (!reader.add(part)) throw tooManyCalls();
  }
  const summary = reader.endRecording();
  if (summary.calls > 0 || (summary.unreadable === 0 && !summary.isCutOff)) return summary;
  throw new UsageError(
    `${name} is not a recording.`,
    'A recording is what "vastai exec --broker --record FILE" writes: one line of JSON for each call.',
  );
}

function tooManyCalls(): UsageError {
  return new UsageError(
    `The recordings have more than ${MOST_CALLS} different calls.`,
    'Pass fewer recordings, or only some lines of one: each line is a call of its own.',
  );
}

/** Leaves out files that were named before, by this name or another one. */
function differentFiles(files: readonly string[]): string[] {
  const different = new Map<string, string>();
  for (const file of files) {
    const identity = identityOf(file);
    if (!different.has(identity)) different.set(identity, file);
  }
  return [...different.values()];
}

function identityOf(file: string): string {
  const byName = `name ${file}`;
  if (file === '-') return byName;
  try {
    const found = statSync(file, { bigint: true });
    return found.isFile() ? `${found.dev}:${found.ino}` : byName;
  } catch {
    // Reading it says why.
    return byName;
  }
}

function notesOn({ unreadable, isCutOff }: RecordingSummary, name: string): string[] {
  return [
    ...(unreadable > 0
      ? [
          `Skipped ${count(unreadable, 'line')} of ${name} that ${unreadable === 1 ? 'is not a call' : 'are not calls'}.`,
        ]
      : []),
    ...(isCutOff ? [`Skipped the last line of ${name}, which is cut off.`] : []),
  ];
}

function notesOnCarriers(calls: readonly LoggedCall[]): string[] {
  const names = new Set(calls.flatMap(({ candidates }) => candidates.map(({ name }) => name)));
  return [...names]
    .filter(carriesRequest)
    .map(
      (name) =>
        `${name} contains another request, which must be allowed too. The recording does not show it.`,
    );
}

function notesOnRefused(refused: readonly LoggedCall[]): string[] {
  if (refused.length === 0) return [];
  const total = refused.reduce((sum, call) => sum + call.count, 0);
  const names = [...new Set(refused.flatMap(({ candidates }) => candidates.map(({ name }) => name)))];
  return [
    `Left out ${count(total, 'call')} that the run refused: ${printable(firstOf(names, SHOWN))}. To include such calls, add --include-refused.`,
  ];
}
