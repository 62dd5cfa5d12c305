import { CAPABILITIES } from '@vastai-cli/permissions/decision/capability-names';
import { isObject } from '@vastai-cli/permissions/json/json-object';
import { isCapability, LEVELS } from '@vastai-cli/permissions/report/policy';
import { SEVERITIES } from '@vastai-cli/permissions/report/selection';
import { DIAGNOSTIC_RULES, isDiagnosticCode } from '@vastai-cli/permissions/validation/diagnostics';

const LONGEST_GLOB = 500;
const MOST_GLOBS = 100;

const list = (names: readonly string[]): string => names.join(', ');

/**
 * Returns the shape of a policy file. Each message says what to write.
 *
 * @param v valibot, which is loaded only for a policy
 */
export function policySchema(v: typeof import('valibot')) {
  // Errors mean that the API would get something else than what is written, so no policy can lower them.
  const adjustableCode = v.pipe(
    v.string(),
    v.check(isDiagnosticCode, 'Unknown code. See docs/permission-diagnostics.md for all codes.'),
    v.check(
      (code) => !isError(code),
      'It is an error, so its level cannot be changed. Accept it with "allow", or correct the file.',
    ),
  );

  const globs = v.pipe(
    v.array(
      v.pipe(
        v.string('A glob must be a string.'),
        v.minLength(1, 'A glob must not be empty.'),
        v.maxLength(LONGEST_GLOB, `A glob has at most ${LONGEST_GLOB} characters.`),
        v.check((glob) => !glob.includes('\\'), 'Use "/" between folders.'),
      ),
      'Write an array of globs.',
    ),
    v.minLength(1, 'Write at least one glob.'),
    v.maxLength(MOST_GLOBS, `Write at most ${MOST_GLOBS} globs.`),
  );

  // valibot itself takes an array for an object.
  const object = v.custom<object>(isObject, 'Write an object.');

  const rules = {
    levels: v.exactOptional(
      v.pipe(object, v.record(adjustableCode, v.picklist(LEVELS, `The levels are ${list(LEVELS)}.`))),
    ),
    failLevel: v.exactOptional(v.picklist(SEVERITIES, `The levels are ${list(SEVERITIES)}.`)),
    failOn: v.exactOptional(
      v.array(
        v.picklist(CAPABILITIES, `The gates are ${list(CAPABILITIES)}.`),
        `Write an array of ${list(CAPABILITIES)}.`,
      ),
    ),
  };

  const allowance = v.pipe(
    object,
    v.strictObject({
      finding: v.pipe(
        v.string('Write a code such as "VP205", or a gate such as "spend-money".'),
        v.check(
          (name) => isDiagnosticCode(name) || isCapability(name),
          `Write a code such as VP205, or one of ${list(CAPABILITIES)}.`,
        ),
      ),
      files: v.exactOptional(globs),
      path: v.exactOptional(v.string('Write a JSONPath such as "$.api.misc".')),
      reason: v.pipe(
        v.string('Write a sentence.'),
        v.check((text) => text.trim() !== '', 'Say why it is allowed.'),
      ),
      expires: v.exactOptional(
        v.pipe(
          v.string('Write a date such as "2027-03-31".'),
          v.check(isDate, 'Write a date such as "2027-03-31".'),
        ),
      ),
    }),
  );

  return v.pipe(
    object,
    v.strictObject({
      $schema: v.exactOptional(v.string()),
      ...rules,
      allow: v.exactOptional(v.array(allowance, 'Write an array.')),
      overrides: v.exactOptional(
        v.array(v.pipe(object, v.strictObject({ files: globs, ...rules })), 'Write an array.'),
      ),
    }),
  );
}

/** The keys of a policy file, to suggest one for a misspelled key. */
export const POLICY_KEYS = [
  'levels',
  'failLevel',
  'failOn',
  'allow',
  'overrides',
  'finding',
  'files',
  'path',
  'reason',
  'expires',
];

function isError(code: string): boolean {
  const known: Readonly<Record<string, { readonly severity: string }>> = DIAGNOSTIC_RULES;
  return Object.hasOwn(known, code) && known[code]?.severity === 'error';
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
