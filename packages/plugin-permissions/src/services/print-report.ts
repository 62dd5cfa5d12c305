import type { Output } from '@vastai-cli/kit/render/output';
import type { Terminal } from '@vastai-cli/kit/render/terminal';
import { wrap } from '@vastai-cli/kit/render/wrap';
import type { Report } from '@vastai-cli/permissions/report/report';
import { countBySeverity, type FailureLimits, reaches } from '@vastai-cli/permissions/report/selection';
import type { Severity } from '@vastai-cli/permissions/validation/diagnostics';

export const REPORT_FORMATS = ['pretty', 'compact', 'json', 'sarif', 'github', 'junit'] as const;

export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** Prints a report on standard output; only the format that is asked for is loaded. */
export async function printReport(
  report: Report,
  format: ReportFormat,
  limits: FailureLimits,
  output: Output,
  terminal: Terminal,
): Promise<void> {
  if (format === 'json') {
    const { jsonReport } = await import('@vastai-cli/permissions/report/formats/json');
    output.json(jsonReport(report));
  } else {
    process.stdout.write(await textOf(report, format, limits, terminal));
  }
}

async function textOf(
  report: Report,
  format: Exclude<ReportFormat, 'json'>,
  limits: FailureLimits,
  terminal: Terminal,
): Promise<string> {
  switch (format) {
    case 'pretty':
      return (await import('@vastai-cli/permissions/report/formats/pretty')).prettyFormat(
        report,
        styleOf(terminal),
      );
    case 'compact':
      return (await import('@vastai-cli/permissions/report/formats/compact')).compactFormat(report);
    case 'sarif':
      return (await import('@vastai-cli/permissions/report/formats/sarif')).sarifFormat(report);
    case 'github':
      return (await import('@vastai-cli/permissions/report/formats/github')).githubFormat(report);
    case 'junit': {
      const { junitFormat } = await import('@vastai-cli/permissions/report/formats/junit');
      const timestamp = new Date().toISOString().slice(0, 'YYYY-MM-DDThh:mm:ss'.length);
      return junitFormat(report, { timestamp, isFailure: failureTest(report, limits) });
    }
  }
}

/** Which findings make the command fail: those of the level, and the warnings when they are too many. */
function failureTest(
  { diagnostics }: Report,
  { failLevel = 'error', maxWarnings = Number.POSITIVE_INFINITY }: FailureLimits,
): (finding: { readonly severity: Severity }) => boolean {
  const tooMany = countBySeverity(diagnostics).warning > maxWarnings;
  return ({ severity }) => reaches(severity, failLevel) || (tooMany && severity === 'warning');
}

function styleOf({ stdout, columns }: Terminal) {
  const colours = { error: stdout.red, security: stdout.magenta, warning: stdout.yellow };
  return {
    severity: (severity: Severity, text: string) => colours[severity](text),
    faint: (text: string) => stdout.dim(text),
    ...(columns === undefined ? {} : { columns, fit: (text: string) => wrap(text, columns, { hang: 2 }) }),
  };
}
