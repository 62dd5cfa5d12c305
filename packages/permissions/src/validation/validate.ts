import { toDocument } from '../document/to-document.js';
import { type JsonNode, parseJson } from '../json/parse.js';
import { decodeText } from '../json/source-text.js';
import type { Diagnostic } from './diagnostics.js';
import { Findings } from './findings.js';
import { reportEncoding, reportSyntax } from './rules/syntax.js';
import { checkTopLevel } from './rules/top-level.js';
import { checkWellFormedness } from './rules/well-formedness.js';

export interface Validation {
  /** The document to send, without `$schema`. Undefined if the file has an error. */
  readonly document: Record<string, unknown> | undefined;
  /** Every finding, by position. */
  readonly diagnostics: readonly Diagnostic[];
  /** The decoded text without a byte order mark. The positions in the diagnostics refer to it. */
  readonly text: string;
}

/**
 * Checks a permission document: its JSON, its structure, its names, and what it lets a key do. Never throws.
 *
 * The rules come from Vast.ai's "Permissions" page. `docs/permission-diagnostics.md` explains each code.
 *
 * @param input the content of the file, as bytes or text
 * @param file the name to use in the diagnostics
 */
export function validate(input: Uint8Array | string, file: string): Validation {
  const findings = new Findings();
  const { text, faults } = decodeText(input);
  reportEncoding(faults, text, findings);
  const root = faults.some(({ kind }) => kind === 'too_large') ? undefined : checkText(text, findings);
  const diagnostics = findings.diagnostics(text, file);
  const isValid = root?.type === 'object' && diagnostics.every(({ severity }) => severity !== 'error');
  return { document: isValid ? toDocument(root.properties) : undefined, diagnostics, text };
}

function checkText(text: string, findings: Findings): JsonNode | undefined {
  const { root, faults } = parseJson(text);
  reportSyntax(faults, root, findings);
  if (root === undefined) return undefined;
  checkWellFormedness(root, findings);
  checkTopLevel(root, text, findings);
  return root;
}
