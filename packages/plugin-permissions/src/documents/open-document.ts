import { existsSync } from 'node:fs';
import type { Client } from '@vastai-cli/core/internal/http/client';
import { presetNamed } from '@vastai-cli/permissions/authoring/presets';
import type { ReferencedDocument } from './referenced-document.js';
import { requirePreset } from './required-preset.js';
import { readValidDocument, validDocument } from './valid-document.js';

/**
 * Opens a document by its reference: `key:ID`, `git:REV:path`, `preset:NAME`, or a file (`-` for standard input). The
 * prefix `preset:` is optional if no file has that name.
 *
 * @param connect called only for `key:ID`
 * @throws UsageError if it cannot be read; VastaiError `findings` if it has errors; ApiError if the API returns an
 *   error.
 */
export async function openDocument(
  reference: string,
  connect: () => Promise<Client>,
): Promise<ReferencedDocument> {
  const [, scheme, rest = ''] = /^(key|git|preset):(.*)$/su.exec(reference) ?? [];
  if (scheme === 'key') {
    const { documentOfKey } = await import('./key-document.js');
    return documentOfKey(rest, connect);
  }
  if (scheme === 'git') {
    const { readGitFile } = await import('./git-file.js');
    return validDocument({ name: reference, bytes: await readGitFile(rest) });
  }
  if (scheme === 'preset') return { name: reference, document: requirePreset(rest).document };
  const preset = presetNamed(reference);
  if (preset !== undefined && !existsSync(reference)) {
    return { name: `preset:${preset.name}`, document: preset.document };
  }
  return readValidDocument(reference);
}
