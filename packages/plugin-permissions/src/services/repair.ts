import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { readInputFile } from '@vastai-cli/kit/input/files';
import { validateDocument } from '@vastai-cli/kit/input/validate-document';
import { fixDocument } from '@vastai-cli/permissions/fix/fix';
import type { Fix } from '@vastai-cli/permissions/fix/fixed-text';
import type { Diagnostic } from '@vastai-cli/permissions/validation/diagnostics';
import { type LineChange, lineChanges } from './line-changes.js';
import { replaceFile } from './replace-file.js';

/** What can be repaired in a file, and what stays wrong then. */
export interface Repair {
  readonly file: string;
  readonly fixes: readonly Fix[];
  readonly changes: readonly LineChange[];
  /** The errors that are left. */
  readonly diagnostics: readonly Diagnostic[];
  /** Puts the repaired text in the place of the file. */
  readonly apply: () => Promise<void>;
}

/** Plans the repair of a file; nothing is written yet. @throws UsageError */
export async function planRepair(path: string): Promise<Repair> {
  if (path === '-') {
    throw new UsageError('Standard input cannot be repaired in place.', 'Name a file.');
  }
  const { name, bytes } = await readInputFile(path);
  const before = validateDocument(bytes, name);
  const { text, fixes } = fixDocument(bytes);
  const after = fixes.length === 0 ? before : validateDocument(text, name);
  return {
    file: name,
    fixes,
    changes: lineChanges(before.text, text),
    diagnostics: after.diagnostics.filter(({ severity }) => severity === 'error'),
    apply: () => replaceFile(path, text, bytes),
  };
}

/** What `permissions fix --json` prints. */
export function repairReport({ file, fixes, changes, diagnostics }: Repair, written: boolean) {
  return { file, written, fixes, changes, diagnostics };
}
