import { shellWord } from '@vastai-cli/core/internal/base/shell-word';
import type { Diagnostic } from '@vastai-cli/permissions/validation/diagnostics';
import { type Validation, validate } from '@vastai-cli/permissions/validation/validate';

/**
 * Validates a permission document, and adds to each finding the command that fixes it.
 *
 * @param name the path of the file, or another name such as `<stdin>` or `git:HEAD:perms.json`
 */
export function validateDocument(input: Uint8Array | string, name: string): Validation {
  const { diagnostics, ...validation } = validate(input, name);
  return { ...validation, diagnostics: diagnostics.map(withCommand) };
}

/** Returns true if the name of a document is a path, which a command can take. */
export function isPath(name: string): boolean {
  return name !== '<stdin>' && !/^(?:git|key|preset|role):/u.test(name);
}

function withCommand({ advice, ...diagnostic }: Diagnostic): Diagnostic {
  const { file, help } = diagnostic;
  if (advice === undefined || !isPath(file)) return diagnostic;
  const command =
    advice.do === 'fix-document'
      ? `permissions fix ${shellWord(file)}`
      : `permissions init > ${shellWord(file)}`;
  return { ...diagnostic, help: `${help.replace(/\.$/u, '')}, or run: vastai ${command}` };
}
