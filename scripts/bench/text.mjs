import { cells, HEADS } from './cells.mjs';
import { countVerdicts, noise, titleOf, wrongCounts } from './report.mjs';

/**
 * The report for a terminal.
 *
 * @param {import('./report.mjs').Report} report
 * @returns {string} with a final line feed
 */
export function textOf(report) {
  const tables = report.groups.map((group) => `${titleOf(group)}\n${table(group.results)}`);
  if (report.peers.length > 0) tables.push(`Beside it\n${table(report.peers)}`);
  const said = [...report.missing, ...wrongCounts(report), summary(report)];
  const busy = noise(report);
  if (busy !== undefined) said.push(`\n!!! ${busy}`);
  return `${tables.join('\n\n')}\n\n${said.join('\n').replaceAll('`', '')}\n`;
}

function summary(report) {
  const { aim, limit, missed } = countVerdicts(report);
  return `Of ${aim + limit + missed} rows ${missed} miss their limit, ${limit} are within it, and ${aim} reach the aim.`;
}

function table(results) {
  const lines = [HEADS, ...results.map(cells)].map((line) => line.map((cell) => cell.replaceAll('`', '')));
  const widths = HEADS.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  const isText = (column) => column === 0 || column === 2 || column === HEADS.length - 1;
  return lines
    .map((line) =>
      line
        .map((cell, column) => (isText(column) ? cell.padEnd(widths[column]) : cell.padStart(widths[column])))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
