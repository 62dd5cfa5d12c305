import { readInputFile } from '@vastai-cli/kit/input/files';
import { validateDocument } from '@vastai-cli/kit/input/validate-document';
import type { Report } from '@vastai-cli/permissions/report/report';
import { withoutCodes } from '@vastai-cli/permissions/report/selection';
import { type AcceptedFindings, acceptFindings } from './baseline-file.js';

/** Describes the findings to leave out. */
export interface Exceptions extends AcceptedFindings {
  /** Codes such as `VP101`. */
  readonly ignore?: readonly string[] | undefined;
}

/**
 * Checks each file once.
 *
 * @throws UsageError if a file or the baseline cannot be read.
 */
export async function validateFiles(paths: readonly string[], exceptions: Exceptions): Promise<Report> {
  const files = [];
  const found = [];
  for (const path of new Set(paths)) {
    const { name, bytes } = await readInputFile(path);
    const { text, diagnostics } = validateDocument(bytes, name);
    files.push({ file: name, text });
    found.push(withoutCodes(diagnostics, exceptions.ignore ?? []));
  }
  return { files, diagnostics: await acceptFindings(found.flat(), exceptions) };
}
