import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { replaceFile } from '@vastai-cli/core/internal/files/replace-file';
import { readInputFile } from '@vastai-cli/kit/input/files';
import { validateDocument } from '@vastai-cli/kit/input/validate-document';
import { entries, line, note, type Part, type Result, verbatim } from '@vastai-cli/kit/result';
import { fixDocument } from '@vastai-cli/permissions/fix/fix';
import type { Fix } from '@vastai-cli/permissions/fix/fixed-text';
import { count } from '@vastai-cli/permissions/json/count';
import { printable } from '@vastai-cli/permissions/report/formats/printable';
import type { Diagnostic } from '@vastai-cli/permissions/validation/diagnostics';
import { isReference } from '../../documents/document-source.js';
import { type LineChange, lineChanges } from './line-changes.js';

/** The number of repairs, changed lines and errors that a person is shown. `--json` has all of them. */
const MOST_SHOWN = 200;

/** Holds the possible repairs of a file and the remaining errors. */
export interface Repair {
  readonly file: string;
  readonly fixes: readonly Fix[];
  readonly changes: readonly LineChange[];
  /** The errors that remain. */
  readonly diagnostics: readonly Diagnostic[];
  /** The repaired text. */
  readonly text: string;
  /** Writes the repaired text to the file. */
  readonly apply: () => Promise<void>;
}

/**
 * Plans the repair of a file, or of standard input (`-`), without writing.
 *
 * @throws UsageError if it cannot be read, or is not a file.
 */
export async function planRepair(path: string): Promise<Repair> {
  if (isReference(path)) {
    throw new UsageError(
      `permissions fix takes a file or "-", not ${path}.`,
      `If a file has this name, write ./${path}.`,
    );
  }
  const { name, bytes } = await readInputFile(path);
  const before = validateDocument(bytes, name);
  const { text, fixes } = fixDocument(bytes);
  const after = fixes.length === 0 ? before : validateDocument(text, name);
  return {
    file: name,
    fixes,
    changes: lineChanges(before.text, text),
    diagnostics: after.diagnostics.filter(({ severity }) => severity === 'error'),
    text,
    apply: () => replaceFile(path, text, bytes),
  };
}

/** Returns the repaired text as the result, so that a pipe can take it, and everything about it as remarks. */
export function printedRepair(repair: Repair): Pick<Result, 'human' | 'remarks'> {
  const { file, fixes, diagnostics, text } = repair;
  const said = [
    ...fixes.map(({ code, message }) => `${file}: ${code} ${message}`),
    ...diagnostics.map(
      ({ line: number, column, code, message }) => `${file}:${number}:${column}: error ${code} ${message}`,
    ),
  ];
  const more = said.length - MOST_SHOWN;
  const shown = more > 0 ? [...said.slice(0, MOST_SHOWN), `… and ${more} more.`] : said;
  return {
    human: [verbatim(text)],
    remarks: shown.map((one) => ({ ...note(printable(one)), forPeople: true })),
  };
}

/** Returns the output of `permissions fix --json`. */
export function repairReport({ file, fixes, changes, diagnostics }: Repair, written: boolean) {
  return { file, written, fixes, changes, diagnostics };
}

/** Formats the repairs and the lines that they change. */
export function planParts({ file, fixes, changes, diagnostics }: Repair): Part[] {
  if (fixes.length === 0) {
    const what =
      diagnostics.length === 0 ? 'nothing to repair.' : 'fix cannot repair this. Correct it yourself:';
    return [entries(`${printable(file)}: ${what}`)];
  }
  const shown = changes.slice(0, MOST_SHOWN);
  const width = shown.reduce((widest, change) => Math.max(widest, String(change.line).length), 0);
  return [
    ...fixes
      .slice(0, MOST_SHOWN)
      .map(({ code, message }) => entries(`${printable(file)}: ${code} ${message}`)),
    ...restOf(fixes.length, 'repair'),
    ...shown.map(({ mark, line: number, text }) =>
      line({
        text: `${String(number).padStart(width)} ${mark} ${printable(text)}`,
        style: mark === '-' ? 'red' : 'green',
      }),
    ),
    ...restOf(changes.length, 'changed line'),
  ];
}

function restOf(all: number, noun: string): Part[] {
  const rest = all - MOST_SHOWN;
  return rest <= 0 ? [] : [entries(`and ${count(rest, `more ${noun}`)}.`)];
}

/** Formats the result and the errors that the user must correct. */
export function outcomeParts({ file, diagnostics }: Repair, written: boolean): Part[] {
  return [
    ...(written ? [entries(`Wrote ${printable(file)}.`)] : []),
    ...diagnostics
      .slice(0, MOST_SHOWN)
      .map(({ line: number, column, code, message }) =>
        entries(`${printable(file)}:${number}:${column}: error ${code} ${message}`),
      ),
    ...restOf(diagnostics.length, 'error'),
  ];
}
