/** Holds a permission document from wherever it is kept, and what messages call it. */
export interface ReferencedDocument {
  readonly name: string;
  /** `null` stands for full access. */
  readonly document: Readonly<Record<string, unknown>> | null;
}
