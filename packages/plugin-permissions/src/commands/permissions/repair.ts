import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { readInputFile } from '@vastai-cli/kit/input/files';
import { validateDocument } from '@vastai-cli/kit/input/validate-document';
import { entries, line, type Part } from '@vastai-cli/kit/result';
import { fixDocument } from '@vastai-cli/permissions/fix/fix';
import type { Fix } from '@vastai-cli/permissions/fix/fixed-text';
import { printable } from '@vastai-cli/permissions/report/formats/printable';
import type { Diagnostic } from '@vastai-cli/permissions/validation/diagnostics';
import { replaceFile } from '../../files/replace-file.js';
import { type LineChange, lineChanges } from './line-changes.js';

/** Holds the possible repairs of a file and the remaining errors. */
export interface Repair {
  readonly file: string;
  readonly fixes: readonly Fix[];
  readonly changes: readonly LineChange[];
  /** The errors that remain. */
  readonly diagnostics: readonly Diagnostic[];
  /** Writes the repaired text to the file. */
  readonly apply: () => Promise<void>;
}

/** Plans the repair of a file without writing. @throws UsageError if the file cannot be read. */
export async function planRepair(path: string): Promise<Repair> {
  if (path === '-') {
    throw new UsageError('Standard input cannot be repaired in place.', 'Give a file instead.');
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
    apply: () => replaceFile(path, text, bytes),
  };
}

/** Returns the output of `permissions fix --json`. */
export function repairReport({ file, fixes, changes, diagnostics }: Repair, written: boolean) {
  return { file, written, fixes, changes, diagnostics };
}

/** The number of repairs, and of changed lines, that a person is shown. `--json` has all of them. */
const MOST_SHOWN = 200;

/** Formats the repairs and the lines that they change. */
export function planParts({ file, fixes, changes }: Repair): Part[] {
  if (fixes.length === 0) return [entries(`${printable(file)}: nothing to repair.`)];
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

function restOf(count: number, noun: string): Part[] {
  const rest = count - MOST_SHOWN;
  return rest <= 0 ? [] : [entries(`and ${rest} more ${noun}${rest === 1 ? '' : 's'}.`)];
}

/** Formats the result and the errors that must be corrected by hand. */
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
