import { custom } from '@oclif/core/flags';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { isDiagnosticCode } from '@vastai-cli/permissions/validation/diagnostics';

/** Defines a flag that takes a whole number, 0 or more. */
export const wholeNumber = custom<number>({
  async parse(text, _, { name }) {
    if (/^\d{1,9}$/.test(text)) return Number(text);
    throw new UsageError(`--${name} takes a whole number, 0 or more.`);
  },
});

/** Defines a flag that takes a diagnostic code in upper or lower case. */
export const diagnosticCode = custom<string>({
  async parse(text, _, { name }) {
    const code = text.toUpperCase();
    if (isDiagnosticCode(code)) return code;
    throw new UsageError(
      `--${name} takes a diagnostic code such as VP101.`,
      'See docs/permission-diagnostics.md for all codes.',
    );
  },
});
