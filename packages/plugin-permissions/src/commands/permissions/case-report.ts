import { dirname, isAbsolute } from 'node:path';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { line, type Part, sentence } from '@vastai-cli/kit/result';
import { CAPABILITY_WORDS } from '@vastai-cli/permissions/decision/capability-names';
import { runTestCases, type TestFile, type TestResult } from '@vastai-cli/permissions/decision/test-cases';
import { type UntestedCapability, untestedCapabilities } from '@vastai-cli/permissions/decision/untested';
import { documentText } from '@vastai-cli/permissions/document/document-text';
import { firstOf } from '@vastai-cli/permissions/json/first-of';
import { printable } from '@vastai-cli/permissions/report/formats/printable';
import { isReference } from '../../documents/document-source.js';
import { openDocument } from '../../documents/open-document.js';
import type { Connect, ReferencedDocument } from '../../documents/referenced-document.js';
import { validDocument } from '../../documents/valid-document.js';
import { readCases } from './cases-file.js';

/** Describes the output of `permissions test --json`. */
export interface CaseReport {
  readonly file: string;
  /** The name of the document, as in messages. */
  readonly document: string;
  readonly passed: number;
  readonly failed: number;
  readonly cases: readonly TestResult[];
  /** Risky operations that the document allows, or may allow, and that no case mentions. Not a failure. */
  readonly untested: readonly UntestedCapability[];
}

/** The number of operations to name for one capability. The JSON document has them all. */
const SHOWN = 5;

/**
 * Runs every case of a file against a document.
 *
 * @param given a document to use instead of the one that the file names
 * @throws UsageError if a file cannot be read; VastaiError `findings` if the document has errors.
 */
export async function runCases(
  path: string,
  given: string | undefined,
  connect: Connect,
): Promise<CaseReport> {
  const { file, document: named, cases } = await readCases(path);
  const { name, document } = await documentOf(path, given ?? named, given === undefined, connect);
  const results = runTestCases(document, cases);
  const untested = untestedCapabilities(document, cases);
  const passed = results.filter((result) => result.passed).length;
  return { file, document: name, passed, failed: results.length - passed, cases: results, untested };
}

/** Formats one line for each case, the reason for each failure, what no case mentions, and the totals. */
export function caseParts({ cases, passed, failed, untested }: CaseReport): Part[] {
  return [
    ...cases.flatMap(partsOfCase),
    ...untested.flatMap(partsOfUntested),
    line(`${passed} passed, ${failed} failed.`),
  ];
}

function partsOfUntested({ capability, can, may }: UntestedCapability): Part[] {
  const words = CAPABILITY_WORDS[capability];
  return [
    ...(can.length === 0 ? [] : [untestedPart(`The key can ${words}`, can)]),
    ...(may.length === 0 ? [] : [untestedPart(`The key may be able to ${words}`, may)]),
  ];
}

function untestedPart(what: string, operations: readonly string[]): Part {
  return sentence(`${what}, and no case mentions ${firstOf(operations, SHOWN)}.`, [
    { text: 'note  ', style: 'yellow' },
    ' ',
  ]);
}

function partsOfCase({ name, passed, expect, verdict, reason }: TestResult): Part[] {
  if (passed) return [sentence(printable(name), [{ text: 'ok    ', style: 'green' }, ' '])];
  return [
    sentence(printable(name), [{ text: 'FAILED', style: 'red' }, ' ']),
    sentence(`expected ${expect}, got ${verdict}: ${reason}`, ' '.repeat(7)),
  ];
}

/** Opens the document to test. @param isInFile true if the file at `path` names it, so that it is relative to that file */
async function documentOf(
  path: string,
  reference: TestFile['document'],
  isInFile: boolean,
  connect: Connect,
): Promise<ReferencedDocument> {
  if (reference === undefined) {
    throw new UsageError(
      `${path} does not name a document.`,
      'Add "document" to it, or use --document FILE.',
    );
  }
  if (typeof reference !== 'string') {
    return validDocument({ name: `"document" of ${path}`, bytes: Buffer.from(documentText(reference)) });
  }
  const isPath = isInFile && !isReference(reference);
  return openDocument(isPath ? relativeTo(path, reference) : reference, connect);
}

/** Resolves a path relative to the file that contains it, where `-` is an ordinary file name. */
function relativeTo(file: string, path: string): string {
  return isAbsolute(path) ? path : `${file === '-' ? '.' : dirname(file)}/${path}`;
}
