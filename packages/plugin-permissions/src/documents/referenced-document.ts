import type { Client } from '@vastai-cli/core/internal/http/client';

/** Connects to the API. Called only for a document of the account. */
export type Connect = () => Promise<Client>;

/** A parsed permission document, or `null` for full access. */
export type StoredDocument = Readonly<Record<string, unknown>> | null;

/** Holds a permission document from any source. */
export interface ReferencedDocument {
  /** The name in messages, which is the reference except for standard input and presets. */
  readonly name: string;
  /** The text that positions in the document refer to. Empty for full access. */
  readonly text: string;
  readonly document: StoredDocument;
}
