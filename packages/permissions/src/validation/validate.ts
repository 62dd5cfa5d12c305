import { toDocument } from '../document/to-document.js';
import { type JsonNode, parseJson } from '../json/parse.js';
import { decodeText } from '../json/source-text.js';
import type { Diagnostic } from './diagnostics.js';
import { Findings } from './findings.js';
import { reportEncoding, reportSyntax } from './rules/syntax.js';
import { checkTopLevel } from './rules/top-level.js';
import { checkWellFormedness } from './rules/well-formedness.js';

export interface Validation {
  /** The document to send, without `$schema`; undefined when there is an error. */
  readonly document: Record<string, unknown> | undefined;
  /** Every finding of the file, in the order of the text. */
  readonly diagnostics: readonly Diagnostic[];
  /** The decoded text, which the places of the diagnostics refer to; no byte order mark. */
  readonly text: string;
}

/**
 * Checks a permission document: its JSON, its grammar, its names, and what it lets a key do.
 *
 * Never throws, whatever the input. The rules are those of Vast.ai's page "Permissions"; each code has its
 * section in `docs/permission-diagnostics.md`.
 *
 * @param input the bytes of the file, or its text
 * @param file the name that the diagnostics carry
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
  checkTopLevel(root, findings);
  return root;
}
