import { UsageError, VastaiError } from '@vastai-cli/core/internal/base/errors';
import { readInputFile } from '@vastai-cli/kit/input/files';
import { validateDocument } from '@vastai-cli/kit/input/validate-document';
import { note, type Remark } from '@vastai-cli/kit/result';
import { documentOfGrants } from '@vastai-cli/permissions/authoring/grants';
import { presetNamed } from '@vastai-cli/permissions/authoring/presets';
import { documentText } from '@vastai-cli/permissions/document/document-text';
import { printable } from '@vastai-cli/permissions/report/formats/printable';
import type { Diagnostic } from '@vastai-cli/permissions/validation/diagnostics';

/** Holds the flags that limit a new key. Without any, the key gets full access. */
export interface PermissionSource extends Grants {
  readonly file?: string | undefined;
}

/** Holds the permissions that flags grant without a file. */
interface Grants {
  /** The name of a preset. `allow` adds to it. */
  readonly preset?: string | undefined;
  /** Each as `CATEGORY[:ENDPOINT[:param=value]]`. */
  readonly allow?: readonly string[] | undefined;
}

/** Holds the checked permissions of a new key. */
export interface RequestedPermissions {
  /** Absent if the key gets full access, or if the permissions are invalid. */
  readonly permissions?: Readonly<Record<string, unknown>>;
  /** The findings: surprising access, or errors. */
  readonly remarks: readonly Remark[];
  /** A `findings` error, if the file has errors. */
  readonly failure?: VastaiError;
}

/**
 * Reads and validates the permissions of a new key.
 *
 * @throws UsageError if the file cannot be read, or a preset or grant is invalid.
 */
export async function readPermissions({ file, ...grants }: PermissionSource): Promise<RequestedPermissions> {
  if (file !== undefined) return fromFile(file);
  if (grants.preset === undefined && grants.allow === undefined) return { remarks: [] };
  return fromGrants(grants);
}

async function fromFile(path: string): Promise<RequestedPermissions> {
  const { name, bytes } = await readInputFile(path);
  const { document, diagnostics } = validateDocument(bytes, name);
  const remarks = diagnostics.map((found) =>
    note(`${printable(name)}:${found.line}:${found.column}: ${describe(found)}`),
  );
  if (document !== undefined) return { permissions: document, remarks };
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  const message = `${printable(name)} has ${errors === 1 ? 'an error' : `${errors} errors`}; nothing was sent.`;
  return {
    remarks: remarks.map((remark) => ({ ...remark, forPeople: true })),
    failure: new VastaiError('findings', message, { data: { diagnostics } }),
  };
}

/** Builds permissions from flags. Omits the line numbers of findings, because the document is not a file. */
function fromGrants(grants: Grants): RequestedPermissions {
  const { document, diagnostics } = validateDocument(grantedText(grants), '--allow');
  if (document !== undefined) {
    return { permissions: document, remarks: diagnostics.map((found) => note(describe(found))) };
  }
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  throw new UsageError('--allow is invalid.', errors.map(describe).join('\n'));
}

function grantedText({ preset, allow = [] }: Grants): string {
  const api = preset === undefined ? {} : presetNamed(preset)?.document.api;
  if (api === undefined) throw new UsageError('No such preset.');
  // A preset grants whole categories.
  const made = documentOfGrants([...Object.keys(api), ...allow]);
  if ('document' in made) return documentText(made.document);
  throw new UsageError('--allow takes CATEGORY[:ENDPOINT[:param=value]].', made.problems.join('\n'));
}

function describe({ severity, code, message, help }: Diagnostic): string {
  return `${severity} ${code}: ${message}\n  ${help}`;
}
