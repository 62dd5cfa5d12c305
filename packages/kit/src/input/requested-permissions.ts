import { readEnvironment } from '@vastai-cli/core/internal/base/environment';
import { UsageError, VastaiError } from '@vastai-cli/core/internal/base/errors';
import { documentOfGrants, grantsOf } from '@vastai-cli/permissions/authoring/grants';
import { documentText } from '@vastai-cli/permissions/document/document-text';
import { explainSurprise } from '@vastai-cli/permissions/explain/short';
import { unclearEffect } from '@vastai-cli/permissions/explain/unclear-effect';
import type { Holder } from '@vastai-cli/permissions/explain/worst';
import { printable } from '@vastai-cli/permissions/report/formats/printable';
import type { Diagnostic } from '@vastai-cli/permissions/validation/diagnostics';
import { type Validation, validate } from '@vastai-cli/permissions/validation/validate';
import { note, type Remark } from '../result.js';
import { readInputFile } from './files.js';
import { requirePreset } from './preset.js';
import { validateDocument } from './validate-document.js';

/** Holds the flags that limit a key or a role. Without any, a key has full access. */
export interface PermissionSource extends Grants {
  /** The key or role that gets the permissions; by default, `key`. */
  readonly holder?: Holder | undefined;
  readonly file?: string | undefined;
  /** A document in an argument. */
  readonly inline?: string | undefined;
  /** Set to accept a document whose effect is unknown. */
  readonly allowUnknown: boolean;
}

/** Holds the permissions that flags grant without a document. */
interface Grants {
  /** The name of a preset. `allow` adds to it. */
  readonly preset?: string | undefined;
  /** Each as `CATEGORY[:ENDPOINT[:param=value]]`. */
  readonly allow?: readonly string[] | undefined;
}

/** Holds the checked permissions of a key or a role. */
export interface RequestedPermissions {
  /** Absent if the key gets full access, or if the permissions are refused. */
  readonly permissions?: Readonly<Record<string, unknown>>;
  /** One line on what the key can do that may surprise, or the errors. */
  readonly remarks: readonly Remark[];
  /** A `findings` error, if the document has errors or its effect is unknown. */
  readonly failure?: VastaiError;
}

const INLINE = '--permissions';

/**
 * Reads and validates the permissions that flags ask for.
 *
 * @throws UsageError if the file cannot be read, the argument is not JSON, or a preset or grant is invalid.
 */
export async function readPermissions(source: PermissionSource): Promise<RequestedPermissions> {
  const { file, inline, preset, allow } = source;
  if (file !== undefined) {
    const { name, bytes } = await readInputFile(file);
    return judged(validateDocument(bytes, name), name, source);
  }
  if (inline !== undefined) return judged(parseInline(inline), INLINE, source);
  if (preset === undefined && allow === undefined) return { remarks: [] };
  return fromGrants(source);
}

/** @throws UsageError if the argument is not JSON, which a shell does to a document without quotes. */
function parseInline(text: string): Validation {
  const validation = validate(text, INLINE);
  const fault = validation.diagnostics.find(({ code }) => code === 'VP001' || code === 'VP002');
  if (fault === undefined) return validation;
  const isFile = /^[^{[]+$/u.test(text) && text.trim() !== '';
  throw new UsageError(
    `${INLINE} must be a JSON document.`,
    isFile
      ? 'For a file, use --permission_file FILE.'
      : `Type it in single quotes: ${INLINE} '{"api": {"instance_read": {}}}'`,
  );
}

function judged(
  { document, diagnostics }: Validation,
  name: string,
  { allowUnknown, holder = 'key' }: PermissionSource,
): RequestedPermissions {
  if (document === undefined) return withErrors(diagnostics, name);
  const [unclear] = allowUnknown ? [] : unclearEffect(document);
  if (unclear === undefined) return { permissions: document, remarks: surprise(document, holder) };
  const failure = new VastaiError('findings', `${printable(name)}: ${unclear.reason} Nothing was sent.`, {
    hint: `The ${holder} could have more access than it seems. To ${holder === 'key' ? 'create' : 'save'} it anyway, add --allow-unknown.`,
    data: { diagnostics },
  });
  return { remarks: [], failure };
}

function withErrors(diagnostics: readonly Diagnostic[], name: string): RequestedPermissions {
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  const message = `${printable(name)} has ${errors === 1 ? 'an error' : `${errors} errors`}; nothing was sent.`;
  return {
    remarks: diagnostics.map((found) => ({
      ...note(`${printable(name)}:${found.line}:${found.column}: ${describe(found)}`),
      forPeople: true,
    })),
    failure: new VastaiError('findings', message, { data: { diagnostics } }),
  };
}

/** Builds permissions from flags. A preset surprises nobody: its name and notes say what it grants. */
function fromGrants(source: PermissionSource): RequestedPermissions {
  const { preset, allow = [], holder } = source;
  const ofPreset =
    preset === undefined ? [] : grantsOf(requirePreset(preset, readEnvironment(process.env)).document);
  const { document, diagnostics } = validate(grantedText([...ofPreset, ...allow]), '--allow');
  if (document === undefined) {
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    throw new UsageError('--allow is invalid.', errors.map(describe).join('\n'));
  }
  const result = judged({ document, diagnostics, text: '' }, '--allow', source);
  if (result.failure !== undefined || preset === undefined) return result;
  return { ...result, remarks: allow.length === 0 ? [] : surprise(JSON.parse(grantedText(allow)), holder) };
}

/** @throws UsageError if a grant is invalid. */
function grantedText(grants: readonly string[]): string {
  const made = documentOfGrants(grants);
  if ('document' in made) return documentText(made.document);
  throw new UsageError('--allow takes CATEGORY[:ENDPOINT[:param=value]].', made.problems.join('\n'));
}

function surprise(document: unknown, holder?: Holder): Remark[] {
  const text = explainSurprise(document, holder);
  return text === undefined ? [] : [note(text)];
}

function describe({ severity, code, message, help }: Diagnostic): string {
  return `${severity} ${code}: ${message}\n  ${help}`;
}
