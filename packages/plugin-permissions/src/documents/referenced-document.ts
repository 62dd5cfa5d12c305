/** Holds a permission document from any source, and its name in messages. */
export interface ReferencedDocument {
  readonly name: string;
  /** `null` means full access. */
  readonly document: Readonly<Record<string, unknown>> | null;
}
