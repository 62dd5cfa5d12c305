import type { Part } from '@vastai-cli/kit/result';
import { type FormatOptions, formatReport, REPORT_FORMATS } from '../commands/permissions/report-formats.js';
import { auditParts } from './audit-parts.js';
import type { Audit } from './audit-report.js';

/** The table of keys and roles, and the formats of `validate`, which show the findings. */
export const AUDIT_FORMATS = ['table', ...REPORT_FORMATS] as const;

export type AuditFormat = (typeof AUDIT_FORMATS)[number];

/** Formats an audit. @returns undefined for `json`, which is the document of the command */
export async function formatAudit(
  { document, report }: Audit,
  format: AuditFormat,
  { now, ...options }: FormatOptions & { readonly now: number },
): Promise<readonly Part[] | undefined> {
  return format === 'table' ? auditParts(document, { now }) : formatReport(report, format, options);
}
