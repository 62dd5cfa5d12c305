import { type Part, verbatim } from '@vastai-cli/kit/result';
import type { Report } from '@vastai-cli/permissions/report/report';
import type { Diagnostic } from '@vastai-cli/permissions/validation/diagnostics';

export const REPORT_FORMATS = ['pretty', 'compact', 'json', 'sarif', 'github', 'junit'] as const;

export type ReportFormat = (typeof REPORT_FORMATS)[number];

export interface FormatOptions {
  /** The command that checked, such as `vastai permissions validate`. */
  readonly command: string;
  /** Returns true for diagnostics that make the command fail. */
  readonly isFailure: (diagnostic: Diagnostic) => boolean;
  /** The version of this program. */
  readonly version: string;
}

/**
 * Formats a report, and loads only the format it needs. The formats for other programs escape terminal sequences
 * according to their own syntax.
 *
 * @returns undefined for `json`, which is the document of the command
 */
export async function formatReport(
  report: Report,
  format: ReportFormat,
  { command, isFailure, version }: FormatOptions,
): Promise<readonly Part[] | undefined> {
  switch (format) {
    case 'json':
      return undefined;
    case 'pretty':
      return (await import('@vastai-cli/permissions/report/formats/pretty')).prettyFormat(report);
    case 'compact':
      return [
        verbatim((await import('@vastai-cli/permissions/report/formats/compact')).compactFormat(report)),
      ];
    case 'sarif':
      return [
        verbatim((await import('@vastai-cli/permissions/report/formats/sarif')).sarifFormat(report, version)),
      ];
    case 'github':
      return [verbatim((await import('@vastai-cli/permissions/report/formats/github')).githubFormat(report))];
    case 'junit': {
      const { junitFormat } = await import('@vastai-cli/permissions/report/formats/junit');
      const timestamp = new Date().toISOString().slice(0, 'YYYY-MM-DDThh:mm:ss'.length);
      return [verbatim(junitFormat(report, { command, timestamp, isFailure }))];
    }
  }
}
