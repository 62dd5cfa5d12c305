import { dirname, isAbsolute } from 'node:path';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { runTestCases, type TestFile, type TestResult } from '@vastai-cli/permissions/decision/test-cases';
import { documentText } from '@vastai-cli/permissions/document/document-text';
import { readCases } from './cases-file.js';
import { requirePreset } from './required-preset.js';
import { readValidDocument, validDocument } from './valid-document.js';

/** What `permissions test --json` prints. */
export interface CaseReport {
  readonly file: string;
  /** The document, as messages name it. */
  readonly document: string;
  readonly passed: number;
  readonly failed: number;
  readonly cases: readonly TestResult[];
}

/**
 * Asks a document about every case of a file.
 *
 * @param given a document in place of the one that the file names
 * @throws UsageError; VastaiError `findings` when the document has errors.
 */
export async function runCases(path: string, given: string | undefined): Promise<CaseReport> {
  const { file, document: named, cases } = await readCases(path);
  const { name, document } = await documentOf(path, named, given);
  const results = runTestCases(document, cases);
  const passed = results.filter((result) => result.passed).length;
  return { file, document: name, passed, failed: results.length - passed, cases: results };
}

async function documentOf(path: string, named: TestFile['document'], given: string | undefined) {
  const reference = given ?? named;
  if (reference === undefined) {
    throw new UsageError(`${path} names no document.`, 'Add "document" to it, or give --document FILE.');
  }
  if (typeof reference !== 'string') {
    return validDocument({ name: `"document" of ${path}`, bytes: Buffer.from(documentText(reference)) });
  }
  const [, presetName] = /^preset:(.*)$/su.exec(reference) ?? [];
  if (presetName === undefined) return readValidDocument(given ?? besides(path, reference));
  return { name: reference, document: requirePreset(presetName).document };
}

/** A path that stands in a file is seen from there, and `-` is a name like any other. */
function besides(file: string, path: string): string {
  return isAbsolute(path) ? path : `${file === '-' ? '.' : dirname(file)}/${path}`;
}
