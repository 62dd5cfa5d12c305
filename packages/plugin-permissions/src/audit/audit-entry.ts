import { validateDocument } from '@vastai-cli/kit/input/validate-document';
import { capabilitiesOf } from '@vastai-cli/permissions/decision/capabilities';
import type { Capability } from '@vastai-cli/permissions/decision/capability-names';
import { usageState } from '@vastai-cli/permissions/decision/observable';
import { documentText } from '@vastai-cli/permissions/document/document-text';
import { explainShort } from '@vastai-cli/permissions/explain/short';
import { worstPhrase } from '@vastai-cli/permissions/explain/worst-phrase';
import type { ReportFile } from '@vastai-cli/permissions/report/report';
import type { Diagnostic, Severity } from '@vastai-cli/permissions/validation/diagnostics';
import type { StoredDocument } from '../documents/referenced-document.js';
import type { Account, Holder } from './account.js';
import { findingAbout } from './finding-about.js';

/** Describes one key or role. */
export interface AuditEntry {
  /** Stands for the file in findings: `key:42`, `role:dev`. */
  readonly reference: string;
  readonly kind: Holder['kind'];
  readonly id: number | null;
  readonly name: string | null;
  readonly access: Holder['access'];
  /** A phrase such as `spend money, destroy (limited)`. */
  readonly atWorst: string;
  /** Up to three sentences, as in `permissions explain --short`. */
  readonly explanation: readonly string[];
  /** The capabilities that it has, the worst first. */
  readonly can: readonly Capability[];
  /** The capabilities that it may have. */
  readonly may: readonly Capability[];
  readonly findings: Readonly<Record<Severity, number>>;
  /** Seconds since 1970. */
  readonly createdAt: number | null;
  /** `not_observable` if the audit log never shows what it can do, `unknown` if there is no log, or it is a role. */
  readonly usage: 'used' | 'never_seen' | 'not_observable' | 'unknown';
  /** Seconds since 1970. */
  readonly lastUsed: number | null;
}

/** Holds a key or role, what it can do, and its findings. */
export interface AuditedHolder {
  readonly entry: Omit<AuditEntry, 'findings'>;
  readonly file: ReportFile;
  /** Null for full access, and if the API does not return them. */
  readonly document: StoredDocument;
  readonly diagnostics: readonly Diagnostic[];
}

/** Says how old a key may be. */
export interface AgeLimit {
  /** Seconds since 1970. */
  readonly now: number;
  /** In seconds. Undefined for no limit. */
  readonly maxAge: number | undefined;
}

const NOT_TOLD = 'The API does not return its permissions, so it may have full access.';
/** The capabilities of a key whose permissions the API does not return. */
const MAY_HAVE_ALL = capabilitiesOf(null).map(({ capability }) => capability);

/** Judges a key or a role by its document, its age and its use. */
export function auditHolder(holder: Holder, { uses }: Pick<Account, 'uses'>, age: AgeLimit): AuditedHolder {
  const { reference, kind, id, name, access, document, createdAt } = holder;
  const { text, diagnostics } = findingsIn(holder);
  return {
    entry: {
      reference,
      kind,
      id,
      name,
      access,
      ...abilities(holder),
      createdAt,
      ...usageOf(holder, uses),
    },
    file: { file: reference, text },
    document,
    diagnostics: [...diagnostics, ...ageFindings(holder, age)],
  };
}

function abilities({
  access,
  document,
}: Holder): Pick<AuditEntry, 'atWorst' | 'explanation' | 'can' | 'may'> {
  if (access === 'unknown') {
    return { atWorst: 'unknown', explanation: [NOT_TOLD], can: [], may: MAY_HAVE_ALL };
  }
  const granted = capabilitiesOf(document);
  const named = (certain: boolean): Capability[] =>
    granted.filter(({ can }) => can.length > 0 === certain).map(({ capability }) => capability);
  return {
    atWorst: worstPhrase(document, granted),
    explanation: explainShort(document),
    can: named(true),
    may: named(false),
  };
}

function findingsIn({ reference, kind, access, document }: Holder): {
  text: string;
  diagnostics: readonly Diagnostic[];
} {
  if (document !== null) return validateDocument(documentText(document), reference);
  if (access === 'unknown') {
    const help = 'Replace it with one that has a permission document.';
    return { text: '', diagnostics: [findingAbout(reference, 'VP302', NOT_TOLD, help)] };
  }
  if (kind === 'primary') return { text: '', diagnostics: [] };
  const help = 'Replace it with one that has a permission document, unless it needs everything.';
  return { text: '', diagnostics: [findingAbout(reference, 'VP301', 'It has full access.', help)] };
}

function ageFindings(
  { reference, kind, createdAt }: Holder,
  { now, maxAge }: AgeLimit,
): readonly Diagnostic[] {
  // The primary key can be reset, but that does not change its date. Roles have no date.
  if (maxAge === undefined || kind !== 'key') return [];
  if (createdAt !== null && now - createdAt <= maxAge) return [];
  const message =
    createdAt === null ? 'The API does not return its age.' : 'It is older than --max-age allows.';
  return [findingAbout(reference, 'VP303', message, 'Create a new key to replace it, then delete it.')];
}

function usageOf(
  { kind, id, access, document }: Holder,
  uses: Account['uses'],
): Pick<AuditEntry, 'usage' | 'lastUsed'> {
  if (uses === undefined || kind === 'role') return { usage: 'unknown', lastUsed: null };
  const use = uses.get(id ?? Number.NaN);
  return {
    usage: usageState(use !== undefined, access === 'unknown' ? undefined : document),
    lastUsed: use?.lastUsed ?? null,
  };
}
