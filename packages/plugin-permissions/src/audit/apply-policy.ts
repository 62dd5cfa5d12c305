import { byFile } from '@vastai-cli/permissions/report/by-file';
import type { GateViolation } from '@vastai-cli/permissions/report/gates';
import type { ReportFile } from '@vastai-cli/permissions/report/report';
import { withoutCodes } from '@vastai-cli/permissions/report/selection';
import type { Diagnostic } from '@vastai-cli/permissions/validation/diagnostics';
import type { ValidationFlags } from '../commands/permissions/validate-files.js';
import { Judge } from '../policy/judge.js';
import { type JudgedReport, type NamedJudgement, reportOn } from '../policy/judged-report.js';
import type { AuditedHolder } from './audit-entry.js';
import { type Compared, findingsOf } from './compare.js';
import type { ExpectedFile } from './expected-files.js';

/** Something that has findings: a key, a role, or a file of the folder. */
interface Subject {
  readonly file: ReportFile;
  /** The path of a file, or undefined for a key or a role. */
  readonly path: string | undefined;
  readonly document: unknown;
  readonly diagnostics: readonly Diagnostic[];
  /** Returns the gates that count, of those that its document fails. */
  readonly keep: (violations: readonly GateViolation[]) => readonly GateViolation[];
}

/** Applies the flags and the policies that `validate` knows to the findings of an account. */
export async function applyPolicy(
  holders: readonly AuditedHolder[],
  compared: readonly Compared[],
  expected: readonly ExpectedFile[],
  flags: ValidationFlags,
): Promise<JudgedReport> {
  const judge = new Judge(flags);
  const drift = byFile(compared.flatMap(findingsOf));
  const subjects = [...holders.map(holderSubject), ...fileSubjects(compared, expected)];
  const found: NamedJudgement[] = [];
  for (const { file, path, document, diagnostics, keep } of subjects) {
    const { file: name } = file;
    const own = [...diagnostics, ...(drift.get(name) ?? [])];
    const left = withoutCodes(own, flags.ignore ?? []);
    const judgement = await judge.judge({ name, path, document, diagnostics: left });
    found.push({ ...judgement, name, violations: keep(judgement.violations) });
  }
  const files = subjects.map(({ file }) => file);
  return reportOn(files, found, judge, flags);
}

function holderSubject({ entry, file, document, diagnostics }: AuditedHolder): Subject {
  const keep: Subject['keep'] = (violations) => {
    // The primary key can be neither limited nor deleted.
    if (entry.kind === 'primary') return [];
    return entry.access === 'unknown' ? violations.map((one) => ({ ...one, certain: false })) : violations;
  };
  return { file, path: undefined, document, diagnostics, keep };
}

/** Returns the files that findings are about: those with errors, and those without a key or role. They pass all gates. */
function fileSubjects(compared: readonly Compared[], expected: readonly ExpectedFile[]): Subject[] {
  const missing = new Set(compared.filter(({ holder }) => holder === undefined).map((one) => one.expected));
  return expected
    .filter((file) => file.document === null || missing.has(file))
    .map(({ path, text, document, diagnostics }) => ({
      file: { file: path, text },
      path,
      document: document ?? undefined,
      diagnostics: document === null ? diagnostics : [],
      keep: () => [],
    }));
}
