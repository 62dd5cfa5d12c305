import { existsSync } from 'node:fs';
import { readEnvironment } from '@vastai-cli/core/internal/base/environment';
import { readInputFile } from '@vastai-cli/kit/input/files';
import { requirePreset } from '@vastai-cli/kit/input/preset';
import { presetNamed } from '@vastai-cli/permissions/authoring/presets';
import { documentText } from '@vastai-cli/permissions/document/document-text';
import type { Connect, StoredDocument } from './referenced-document.js';

/** Names every form of a reference to a document, for help texts. */
export const DOCUMENT_FORMS = 'a file, "-", preset:NAME, key:ID, role:NAME or git:REV:path';

/** Holds a permission document as it was read, before any check. */
export type DocumentSource =
  /** Text that someone wrote: a file, standard input, or a file in git. At most 10 MiB and one byte. */
  | { readonly kind: 'text'; readonly name: string; readonly bytes: Uint8Array }
  /** A preset, or what the API stores for a key or a role. */
  | { readonly kind: 'stored'; readonly name: string; readonly document: StoredDocument };

const REFERENCE = /^(key|role|git|preset):(.*)$/su;

/** Returns true for a reference to something else than a file. */
export function isReference(reference: string): boolean {
  return REFERENCE.test(reference);
}

/**
 * Reads a document by its reference: `key:ID`, `role:NAME`, `git:REV:path`, `preset:NAME`, or a file (`-` for standard
 * input). The prefix `preset:` is optional if no file has that name. A file whose name begins with one of the prefixes is
 * `./key:1`.
 *
 * @throws UsageError if it cannot be read; ApiError if the API returns an error or does not return the permissions.
 */
export async function readDocument(reference: string, connect: Connect): Promise<DocumentSource> {
  const [, scheme, rest = ''] = REFERENCE.exec(reference) ?? [];
  if (scheme === 'key' || scheme === 'role') {
    const { documentOfKey, documentOfRole } = await import('./account-documents.js');
    const read = scheme === 'key' ? documentOfKey : documentOfRole;
    return { kind: 'stored', name: reference, document: await read(rest, connect) };
  }
  if (scheme === 'git') {
    const { readGitFile } = await import('./git-file.js');
    return { kind: 'text', name: reference, bytes: await readGitFile(rest) };
  }
  if (scheme === 'preset') return storedPreset(rest);
  if (presetNamed(reference) !== undefined && !existsSync(reference)) return storedPreset(reference);
  return { kind: 'text', ...(await readInputFile(reference)) };
}

/** Returns the text that positions in a document refer to: as it was written, or else formatted. Full access has none. */
export function textToValidate(source: DocumentSource): Uint8Array | undefined {
  if (source.kind === 'text') return source.bytes;
  return source.document === null ? undefined : Buffer.from(documentText(source.document));
}

function storedPreset(name: string): DocumentSource {
  const { document } = requirePreset(name, readEnvironment(process.env));
  return { kind: 'stored', name: `preset:${name}`, document };
}
