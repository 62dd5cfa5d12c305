import type { Output } from '@vastai-cli/kit/render/output';
import type { Terminal } from '@vastai-cli/kit/render/terminal';
import { printable } from '@vastai-cli/permissions/report/formats/printable';
import type { VerdictReport } from './verdict.js';

const WIDEST = 100;
const LEAST = 20;

/** The verdict and its reason, the line that decided, and each request when there are several. */
export function printVerdict(
  { verdict, reason, file, line, column, requests }: VerdictReport,
  text: string,
  output: Output,
  { stdout, columns }: Terminal,
): void {
  const colour = { allow: stdout.green, deny: stdout.red, unknown: stdout.yellow }[verdict];
  output.sentence(reason, `${colour(verdict)}: `);
  if (line !== null) {
    const source = text.split(/\r\n|\r|\n/u)[line - 1] ?? '';
    const place = `${printable(file)}:${line}:${column}: `;
    const widest = Math.max(LEAST, Math.min(WIDEST, (columns ?? WIDEST + place.length) - place.length));
    output.line(stdout.dim(`${place}${printable(source.trim().slice(0, widest))}`));
  }
  if (requests.length === 1 && requests[0]?.operation === null) return;
  for (const one of requests) {
    const known = one.operation === null ? '' : ` (${one.operation}, ${one.category})`;
    const why = requests.length === 1 ? '' : `: ${one.reason}`;
    output.sentence(`${one.method} ${printable(one.path)}${known}${why}`, `  ${one.verdict.padEnd(7)} `);
  }
}
