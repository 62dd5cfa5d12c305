import { custom, string } from '@oclif/core/flags';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import type { Capability } from '@vastai-cli/permissions/decision/capability-names';
import { isDiagnosticCode, type Severity } from '@vastai-cli/permissions/validation/diagnostics';
import type { ValidationFlags } from './validate-files.js';

/** Defines a flag that takes a whole number, 0 or more. */
const wholeNumber = custom<number>({
  async parse(text, _, { name }) {
    if (/^\d{1,9}$/.test(text)) return Number(text);
    throw new UsageError(`--${name} takes a whole number, 0 or more.`);
  },
});

/** Defines a flag that takes a diagnostic code in upper or lower case. */
const diagnosticCode = custom<string>({
  async parse(text, _, { name }) {
    const code = text.toUpperCase();
    if (isDiagnosticCode(code)) return code;
    throw new UsageError(
      `--${name} takes a diagnostic code such as VP101.`,
      'See docs/permission-diagnostics.md for all codes.',
    );
  },
});

/** The flags of every command that reports findings: which of them count, and how many warnings are too many. */
export const findingFlags = {
  'max-warnings': wholeNumber({
    helpValue: 'N',
    description: 'Fail if there are more warnings than this.',
  }),
  ignore: diagnosticCode({
    multiple: true,
    multipleNonGreedy: true,
    helpValue: 'CODE',
    description: 'Hide findings with this code.',
  }),
  baseline: string({
    helpValue: 'FILE',
    description: 'Hide the findings in this baseline file.',
    exclusive: ['write-baseline'],
  }),
  'write-baseline': string({
    helpValue: 'FILE',
    description: 'Write all findings to a baseline file and hide them.',
  }),
};

/** Returns the flags of `permissions validate` by the names that its service uses. */
export function readFlags(flags: {
  readonly [name: string]: unknown;
  readonly ignore: readonly string[] | undefined;
  readonly baseline: string | undefined;
  readonly 'write-baseline': string | undefined;
  readonly config: string | undefined;
  readonly 'fail-level': Severity | undefined;
  readonly 'fail-on': readonly Capability[] | undefined;
  readonly extract?: boolean | undefined;
}): ValidationFlags {
  const { ignore, baseline, config, extract } = flags;
  return {
    ignore,
    baseline,
    config,
    extract,
    writeBaseline: flags['write-baseline'],
    failLevel: flags['fail-level'],
    failOn: flags['fail-on'],
  };
}
