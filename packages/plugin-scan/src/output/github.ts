import { workflowCommand } from '@vastai-cli/permissions/report/formats/github';
import { messageOf } from './message.js';
import type { ScanReport } from './scan-report.js';

/** Formats a report as workflow commands of GitHub Actions, which annotate the lines of a file. */
export function githubFormat({ findings }: ScanReport): string {
  return findings
    .map((finding) => {
      const { path, line, column, verified } = finding;
      const place = { file: path, line, col: column, title: 'Leaked Vast.ai API key' };
      return workflowCommand(verified === 'revoked' ? 'warning' : 'error', place, messageOf(finding));
    })
    .join('');
}
