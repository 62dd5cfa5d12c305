import { UsageError, VastaiError } from '@vastai-cli/core/internal/base/errors';
import { readInputFile } from '@vastai-cli/kit/input/files';
import { validateDocument } from '@vastai-cli/kit/input/validate-document';
import type { Output } from '@vastai-cli/kit/render/output';
import { printable } from '@vastai-cli/permissions/report/formats/printable';
import type { Diagnostic } from '@vastai-cli/permissions/validation/diagnostics';
import { type Grants, grantedText } from './granted-text.js';

type Permissions = Readonly<Record<string, unknown>>;

/** What says what a new key may do; nothing of it stands for full access. */
export interface PermissionSource extends Grants {
  readonly file?: string | undefined;
}

/**
 * The permissions of a new key, checked. What they let people do by surprise is said on standard error.
 *
 * @throws UsageError for a file that cannot be read, and grants that are none; VastaiError `findings` for a file
 *   with errors.
 */
export async function readPermissions(
  { file, ...grants }: PermissionSource,
  output: Output,
): Promise<{ permissions?: Permissions }> {
  if (file !== undefined) return { permissions: await fromFile(file, output) };
  if (grants.preset === undefined && grants.allow === undefined) return {};
  return { permissions: fromGrants(grants, output) };
}

async function fromFile(path: string, output: Output): Promise<Permissions> {
  const { name, bytes } = await readInputFile(path);
  const { document, diagnostics } = validateDocument(bytes, name);
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  if (errors === 0 || output.format === 'human') {
    for (const found of diagnostics) {
      output.note(`${printable(name)}:${found.line}:${found.column}: ${describe(found)}`);
    }
  }
  if (document !== undefined) return document;
  throw new VastaiError(
    'findings',
    `${printable(name)} has ${errors === 1 ? 'an error' : `${errors} errors`}; nothing was sent.`,
    { data: { diagnostics } },
  );
}

/** Here nobody wrote the text that the places of the findings refer to. */
function fromGrants(grants: Grants, output: Output): Permissions {
  const { document, diagnostics } = validateDocument(grantedText(grants), '--allow');
  if (document === undefined) {
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    throw new UsageError('--allow does not fit together.', errors.map(describe).join('\n'));
  }
  for (const found of diagnostics) output.note(describe(found));
  return document;
}

function describe({ severity, code, message, help }: Diagnostic): string {
  return `${severity} ${code}: ${message}\n  ${help}`;
}
