import { existsSync } from 'node:fs';
import type { Client } from '@vastai-cli/core/api/client';
import { presetNamed } from '@vastai-cli/permissions/presets';
import { requirePreset } from './required-preset.js';
import { readSoundDocument, soundDocument } from './sound-document.js';

/** A permission document from wherever it is kept. */
export interface NamedDocument {
  readonly name: string;
  /** `null` stands for full access. */
  readonly document: Readonly<Record<string, unknown>> | null;
}

/**
 * Opens what a person named: `key:ID`, `git:REV:path`, `preset:NAME`, or else a file (`-` is standard input). A
 * preset needs no `preset:` where no file has its name.
 *
 * @param connect called for `key:ID` alone
 * @throws UsageError; VastaiError `findings` when the document has errors; what the API refuses with.
 */
export async function openDocument(
  reference: string,
  connect: () => Promise<Client>,
): Promise<NamedDocument> {
  const [, scheme, rest = ''] = /^(key|git|preset):(.*)$/su.exec(reference) ?? [];
  if (scheme === 'key') {
    const { documentOfKey } = await import('./key-document.js');
    return documentOfKey(rest, connect);
  }
  if (scheme === 'git') {
    const { readGitFile } = await import('./git-file.js');
    return soundDocument({ name: reference, bytes: await readGitFile(rest) });
  }
  if (scheme === 'preset') return { name: reference, document: requirePreset(rest).document };
  const preset = presetNamed(reference);
  if (preset !== undefined && !existsSync(reference)) {
    return { name: `preset:${preset.name}`, document: preset.document };
  }
  return readSoundDocument(reference);
}
