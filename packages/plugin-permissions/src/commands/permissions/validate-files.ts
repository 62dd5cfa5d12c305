import { VastaiError } from '@vastai-cli/core/internal/base/errors';
import { validateDocument } from '@vastai-cli/kit/input/validate-document';
import type { Report } from '@vastai-cli/permissions/report/report';
import { withoutCodes } from '@vastai-cli/permissions/report/selection';
import { readDocument, textToValidate } from '../../documents/document-source.js';
import type { Connect } from '../../documents/referenced-document.js';
import { type AcceptedFindings, acceptFindings } from './baseline-file.js';

/** Describes the findings to leave out. */
export interface Exceptions extends AcceptedFindings {
  /** Codes such as `VP101`. */
  readonly ignore?: readonly string[] | undefined;
}

/**
 * Checks each document once.
 *
 * @param references see `readDocument`
 * @throws UsageError if a file or the baseline cannot be read; ApiError if the API returns an error; VastaiError
 *   `findings` for a key with full access, which has no document.
 */
export async function validateFiles(
  references: readonly string[],
  exceptions: Exceptions,
  connect: Connect,
): Promise<Report> {
  const files = [];
  const found = [];
  for (const reference of new Set(references)) {
    const source = await readDocument(reference, connect);
    const { name } = source;
    const bytes = textToValidate(source);
    if (bytes === undefined) {
      throw new VastaiError('findings', `${name} has full access: it has no permission document.`);
    }
    const { text, diagnostics } = validateDocument(bytes, name);
    files.push({ file: name, text });
    found.push(withoutCodes(diagnostics, exceptions.ignore ?? []));
  }
  return { files, diagnostics: await acceptFindings(found.flat(), exceptions) };
}
