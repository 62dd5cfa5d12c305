import { readFileSync } from 'node:fs';
import { cells, HEADS } from './cells.mjs';
import { noise, titleOf, wrongCounts } from './report.mjs';

/**
 * The page for docs/: what performance.template.md says, with the figures of a report.
 *
 * @param {import('./report.mjs').Report} report
 */
export function pageOf(report) {
  const parts = {
    conditions: conditions(report),
    tables: report.groups.map((group) => `### ${titleOf(group)}\n\n${table(group.results)}`).join('\n\n'),
    peers: report.peers.length === 0 ? '' : `\n### Beside it\n\n${table(report.peers)}\n`,
    counts: counts(report),
  };
  const template = readFileSync(new URL('performance.template.md', import.meta.url), 'utf8');
  return template.replaceAll(/\{\{(\w+)\}\}/gu, (_, name) => parts[name]);
}

function conditions(report) {
  const nodes = [...new Set(report.groups.map(({ node }) => `Node ${node}`))].join(' and ');
  const sentences = [
    `Measured on ${report.date}: ${report.machine}; ${nodes}; ${report.runs} pairs per row.`,
    ...report.missing,
    noise(report) ?? [],
  ];
  return sentences.flat().join('\n\n');
}

function counts(report) {
  const wrong = wrongCounts(report);
  if (wrong.length > 0) return wrong.join(' ');
  return 'Counted over all runs: what asks the API makes one request over one TCP connection, and the rest makes none.';
}

function table(results) {
  const lines = [
    HEADS,
    HEADS.map((_, column) => (column === 0 || column === 2 ? '---' : '--:')),
    ...results.map(cells),
  ];
  return lines.map((line) => `| ${line.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`).join('\n');
}
