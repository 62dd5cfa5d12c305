import { UsageError, VastaiError } from '@vastai-cli/core/internal/base/errors';
import { readInputFile } from '@vastai-cli/kit/input/files';
import { validateDocument } from '@vastai-cli/kit/input/validate-document';
import { note, type Remark } from '@vastai-cli/kit/result';
import { documentOfGrants } from '@vastai-cli/permissions/authoring/grants';
import { presetNamed } from '@vastai-cli/permissions/authoring/presets';
import { documentText } from '@vastai-cli/permissions/document/document-text';
import { printable } from '@vastai-cli/permissions/report/formats/printable';
import type { Diagnostic } from '@vastai-cli/permissions/validation/diagnostics';

/** Names what a new key may do; with none of it the key gets full access. */
export interface PermissionSource extends Grants {
  readonly file?: string | undefined;
}

/** Names permissions that nobody wrote down. */
interface Grants {
  /** The name of a preset, to which `allow` adds. */
  readonly preset?: string | undefined;
  /** Each as `CATEGORY[:ENDPOINT[:param=value]]`. */
  readonly allow?: readonly string[] | undefined;
}

/** Holds the checked permissions of a new key. */
export interface RequestedPermissions {
  /** Absent where the key gets full access, and where there is a failure. */
  readonly permissions?: Readonly<Record<string, unknown>>;
  /** Say what the permissions allow by surprise, or what is wrong with them. */
  readonly remarks: readonly Remark[];
  /** `findings`, for a file with errors. */
  readonly failure?: VastaiError;
}

/**
 * Reads and checks the permissions of a new key.
 *
 * @throws UsageError for a file that cannot be read, and for grants that are none.
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

/** Leaves out the places of the findings: nobody wrote the text that they refer to. */
function fromGrants(grants: Grants): RequestedPermissions {
  const { document, diagnostics } = validateDocument(grantedText(grants), '--allow');
  if (document !== undefined) {
    return { permissions: document, remarks: diagnostics.map((found) => note(describe(found))) };
  }
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  throw new UsageError('--allow is not valid.', errors.map(describe).join('\n'));
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
