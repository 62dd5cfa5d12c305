import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { type Part, verbatim } from '@vastai-cli/kit/result';
import { prettyFormat } from './pretty.js';
import type { ScanReport } from './scan-report.js';

export const FORMATS = ['pretty', 'json', 'sarif', 'github'] as const;

export type Format = (typeof FORMATS)[number];

/** Returns the format of a run. @throws UsageError if `--json` and another format were given */
export function formatOf({
  format,
  json,
}: {
  readonly format: Format | undefined;
  readonly json: boolean;
}): Format {
  if (json && format !== undefined && format !== 'json')
    throw new UsageError(`--json and --format ${format} cannot be used together.`);
  return format ?? (json ? 'json' : 'pretty');
}

/** Formats a report, and loads only what its format needs. @returns undefined for `json`, which is the document itself */
export async function formatReport(
  report: ScanReport,
  format: Format,
  version: string,
): Promise<readonly Part[] | undefined> {
  switch (format) {
    case 'json':
      return undefined;
    case 'pretty':
      return prettyFormat(report);
    case 'sarif':
      return [verbatim((await import('./sarif.js')).sarifFormat(report, version))];
    case 'github':
      return [verbatim((await import('./github.js')).githubFormat(report))];
  }
}
