/** Holds a permission document from any source, and its name in messages. */
export interface ReferencedDocument {
  readonly name: string;
  /** As written, if it was read from a file or from git. */
  readonly text?: string;
  /** `null` means full access. */
  readonly document: Readonly<Record<string, unknown>> | null;
}
