import { VastaiError } from '@vastai-cli/core/internal/base/errors';
import { shellWord } from '@vastai-cli/core/internal/base/shell-word';
import type { InputFile } from '@vastai-cli/kit/input/files';
import { isPath, validateDocument } from '@vastai-cli/kit/input/validate-document';
import { printable } from '@vastai-cli/permissions/report/formats/printable';

/** Holds a permission document without errors. */
export interface ValidDocument {
  /** The name in messages. */
  readonly name: string;
  readonly text: string;
  readonly document: Readonly<Record<string, unknown>>;
}

/** The number of errors to show in a message. */
const SHOWN = 3;

/** Checks a document that was read. @throws VastaiError `findings` if it has errors. */
export function validDocument({ name, bytes }: InputFile): ValidDocument {
  const { document, diagnostics, text } = validateDocument(bytes, name);
  if (document !== undefined) return { name, text, document };
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const lines = errors
    .slice(0, SHOWN)
    .map(({ line, column, code, message }) => `  ${line}:${column} ${code} ${message}`);
  throw new VastaiError(
    'findings',
    `${printable(name)} has ${errors.length === 1 ? 'an error' : `${errors.length} errors`}.`,
    {
      hint: [
        ...lines,
        ...(isPath(name) ? [`To see all errors, run: vastai permissions validate ${shellWord(name)}`] : []),
      ].join('\n'),
      data: { diagnostics },
    },
  );
}
