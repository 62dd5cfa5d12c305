import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { validateDocument } from '@vastai-cli/kit/input/validate-document';
import type { SkippedPiece } from '@vastai-cli/permissions/extract/extract';
import { printable } from '@vastai-cli/permissions/report/formats/printable';
import type { Diagnostic } from '@vastai-cli/permissions/validation/diagnostics';

/** Holds the text of a file, and the documents that it is or contains. */
export interface CheckedFile {
  /** The text that the positions refer to. */
  readonly text: string;
  readonly documents: readonly CheckedPart[];
  /** Defined if the documents were looked for inside the file. */
  readonly skipped?: readonly SkippedPiece[];
}

interface CheckedPart {
  /** Undefined if it has errors. */
  readonly document: unknown;
  readonly diagnostics: readonly Diagnostic[];
  /** The place of a document inside a file. */
  readonly line?: number;
  readonly column?: number;
}

/** Checks a file that is a document. */
export function checkWhole(bytes: Uint8Array, name: string): CheckedFile {
  const { text, ...part } = validateDocument(bytes, name);
  return { text, documents: [part] };
}

/**
 * Checks the documents inside a file of another language, which its extension tells. JSON is a document itself.
 *
 * @throws UsageError if the extension is not known.
 */
export async function checkInside(bytes: Uint8Array, name: string): Promise<CheckedFile> {
  const extension = /\.([^./\\]+)$/u.exec(name)?.[1]?.toLowerCase();
  if (extension === 'json' || extension === 'jsonc') return checkWhole(bytes, name);
  const [{ EXTRACTABLE, isExtractable, extractorFor }, { extractDocuments }] = await Promise.all([
    import('@vastai-cli/permissions/extract/languages'),
    import('@vastai-cli/permissions/extract/extract'),
  ]);
  const extractor = isExtractable(extension) ? extractorFor(extension) : undefined;
  if (extractor === undefined) {
    throw new UsageError(
      `--extract does not know the language of ${printable(name)}.`,
      `It knows these extensions: ${EXTRACTABLE}, json, jsonc.`,
    );
  }
  return extractDocuments(bytes, name, extractor);
}
