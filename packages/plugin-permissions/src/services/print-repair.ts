import type { Output } from '@vastai-cli/kit/render/output';
import type { Terminal } from '@vastai-cli/kit/render/terminal';
import { printable } from '@vastai-cli/permissions/report/formats/printable';
import type { Repair } from './repair.js';

/** The repairs and the lines that they change; for one that would change nothing, that. */
export function printPlan({ file, fixes, changes }: Repair, output: Output, { stdout }: Terminal): void {
  if (fixes.length === 0) {
    output.entries(`${printable(file)}: nothing to repair.`);
    return;
  }
  for (const { code, message } of fixes) output.entries(`${printable(file)}: ${code} ${message}`);
  const width = changes.reduce((widest, { line }) => Math.max(widest, String(line).length), 0);
  for (const { mark, line, text } of changes) {
    const colour = mark === '-' ? stdout.red : stdout.green;
    output.line(colour(`${String(line).padStart(width)} ${mark} ${printable(text)}`));
  }
}

/** What became of the file, and what has to be corrected by hand. */
export function printOutcome({ file, fixes, diagnostics }: Repair, written: boolean, output: Output): void {
  if (written) output.entries(`Wrote ${printable(file)}.`);
  else if (fixes.length > 0) output.note('Nothing was written.');
  for (const { line, column, code, message } of diagnostics) {
    output.entries(`${printable(file)}:${line}:${column}: error ${code} ${message}`);
  }
}
