import type { ListedOperation } from '@vastai-cli/permissions/catalogue/list-operations';
import type { Fix } from '@vastai-cli/permissions/fix/fixed-text';
import type { JsonReport } from '@vastai-cli/permissions/report/formats/json';
import type { Diagnostic } from '@vastai-cli/permissions/validation/diagnostics';
import type { AuditReport } from './audit/audit-report.js';
import type { CaseReport } from './commands/permissions/case-report.js';
import type { DecisionReport } from './commands/permissions/decision-report.js';
import type { DiffReport } from './commands/permissions/diff-report.js';
import type { ExplainReport } from './commands/permissions/explain-report.js';
import type { LineChange } from './commands/permissions/line-changes.js';
import type { RecordingReport } from './commands/permissions/recording-report.js';
import type { ReplayReport } from './commands/permissions/replay-report.js';
import type { TightenReport } from './commands/permissions/tighten-report.js';
import type { ProbeReport } from './probe/probe-report.js';

/** Maps each command to its `--json` output. The schemas in packages/cli/contract are generated from it. */
export interface Documents {
  'permissions audit': AuditReport;
  'permissions check': DecisionReport | ReplayReport | RecordingReport;
  'permissions diff': DiffReport;
  'permissions explain': ExplainReport;
  'permissions fix': Repaired;
  'permissions init': NewDocument;
  'permissions operations': readonly ListedOperation[];
  'permissions probe': ProbeReport;
  'permissions schema': JsonSchema;
  'permissions suggest': SuggestedDocument;
  'permissions test': CaseReport;
  'permissions tighten': TightenReport;
  'permissions validate': JsonReport;
}

/** Maps commands to the fields that a failure adds to `error`. */
export interface Failures {
  'permissions check': Invalid;
  'permissions diff': Invalid;
  'permissions explain': Invalid;
  'permissions test': Invalid;
}

interface Invalid {
  /** The findings in the permission file. */
  readonly diagnostics?: readonly Diagnostic[];
}

interface Repaired {
  readonly file: string;
  readonly written: boolean;
  readonly fixes: readonly Fix[];
  readonly changes: readonly LineChange[];
  /** The errors that remain. */
  readonly diagnostics: readonly Diagnostic[];
}

interface NewDocument {
  readonly document: {
    /** For editors. Removed before the document is sent. */
    readonly $schema?: string;
    readonly api: Readonly<Record<string, unknown>>;
  };
  /** Notes on the document, one sentence each. */
  readonly notes: readonly string[];
}

interface SuggestedDocument extends NewDocument {
  /** The operations to name with `exec --broker --only`, if a category could not be narrowed to them. */
  readonly only?: readonly string[];
}

/** A JSON Schema (2020-12) of permission files. */
type JsonSchema = Readonly<Record<string, unknown>>;
