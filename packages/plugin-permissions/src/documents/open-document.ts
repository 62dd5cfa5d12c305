import { documentText } from '@vastai-cli/permissions/document/document-text';
import { readDocument } from './document-source.js';
import type { Connect, ReferencedDocument } from './referenced-document.js';
import { validDocument } from './valid-document.js';

/**
 * Opens a document by its reference; see `readDocument`. A document that the API stores may have errors: it is what the
 * key really has.
 *
 * @throws what `readDocument` throws; VastaiError `findings` if a file has errors.
 */
export async function openDocument(reference: string, connect: Connect): Promise<ReferencedDocument> {
  const source = await readDocument(reference, connect);
  if (source.kind === 'text') return validDocument(source);
  const { name, document } = source;
  return { name, text: document === null ? '' : documentText(document), document };
}
