import { type Dirent, existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { explainFileError } from '@vastai-cli/core/internal/files/file-error';
import { readInputFile } from '@vastai-cli/kit/input/files';
import { validateDocument } from '@vastai-cli/kit/input/validate-document';
import { printable } from '@vastai-cli/permissions/report/formats/printable';
import type { Diagnostic } from '@vastai-cli/permissions/validation/diagnostics';
import type { StoredDocument } from '../documents/referenced-document.js';

/** A permission file of the folder, and what it is for. */
export interface ExpectedFile {
  readonly kind: 'key' | 'role';
  /** Name of the key or the role: that of the file, percent-decoded, without `.json`. */
  readonly name: string;
  readonly path: string;
  readonly text: string;
  /** Null if the file has errors. */
  readonly document: StoredDocument;
  readonly diagnostics: readonly Diagnostic[];
}

const ROLES = 'roles';

/**
 * Reads the permission files of a folder: `NAME.json` for the key with that name, `roles/NAME.json` for the role. Skips
 * hidden files, and JSON Schemas (`NAME.schema.json`).
 *
 * @throws UsageError if the folder or a file cannot be read, or two files are for one key or role.
 */
export async function readExpectedFiles(folder: string): Promise<ExpectedFile[]> {
  const roles = join(folder, ROLES);
  const keyFiles = await readFolder(folder, 'key');
  return [...keyFiles, ...(existsSync(roles) ? await readFolder(roles, 'role') : [])];
}

async function readFolder(folder: string, kind: ExpectedFile['kind']): Promise<ExpectedFile[]> {
  const files: ExpectedFile[] = [];
  for (const file of (await entriesOf(folder)).filter(isPermissionFile).sort()) {
    const path = join(folder, file);
    const { bytes } = await readInputFile(path);
    const { text, document = null, diagnostics } = validateDocument(bytes, path);
    const name = nameOf(file);
    const other = files.find((one) => one.name === name);
    if (other !== undefined) {
      throw new UsageError(
        `${printable(other.path)} and ${printable(path)} are for the same ${kind}.`,
        'Keep one of them.',
      );
    }
    files.push({ kind, name, path, text, document, diagnostics });
  }
  return files;
}

async function entriesOf(folder: string): Promise<string[]> {
  try {
    const found: Dirent[] = await readdir(folder, { withFileTypes: true });
    return found.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new UsageError(
      missing ? `${folder}: no such folder` : explainFileError('read', folder, error).message,
    );
  }
}

function isPermissionFile(file: string): boolean {
  return file.endsWith('.json') && !file.startsWith('.') && !file.endsWith('.schema.json');
}

/** Returns the name in a file name. A name that no file can have is percent-encoded: `ci%2Fmain.json` is for `ci/main`. */
function nameOf(file: string): string {
  const name = file.slice(0, -'.json'.length);
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
