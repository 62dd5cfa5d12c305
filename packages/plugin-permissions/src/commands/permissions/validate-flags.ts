import { custom } from '@oclif/core/flags';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { DIAGNOSTIC_RULES } from '@vastai-cli/permissions/validation/diagnostics';

/** Makes a flag that takes a whole number from 0. */
export const wholeNumber = custom<number>({
  async parse(text, _, { name }) {
    if (/^\d{1,9}$/.test(text)) return Number(text);
    throw new UsageError(`--${name} takes a whole number, 0 or more.`);
  },
});

/** Makes a flag that takes the code of a diagnostic, also in small letters. */
export const diagnosticCode = custom<string>({
  async parse(text, _, { name }) {
    const code = text.toUpperCase();
    if (Object.hasOwn(DIAGNOSTIC_RULES, code)) return code;
    throw new UsageError(
      `--${name} takes the code of a diagnostic, such as VP101.`,
      'The codes are in docs/permission-diagnostics.md.',
    );
  },
});
