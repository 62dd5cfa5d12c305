import { ACCOUNT_RULES } from './account-rules.js';

export type Severity = 'error' | 'security' | 'warning';

/** Describes a diagnostic code. The text is that of `docs/permission-diagnostics.md`. */
export interface DiagnosticRule {
  readonly severity: Severity;
  /** A short phrase, as in a list. */
  readonly title: string;
  /** Full sentences that say why it matters and what to do. */
  readonly explanation: string;
  /** Rates the severity from 0 to 10, as CVSS does. Code scanning sorts by it. Only for findings about access. */
  readonly rank?: number;
}

const error = (title: string, explanation: string): DiagnosticRule => ({
  severity: 'error',
  title,
  explanation,
});
const warning = (title: string, explanation: string): DiagnosticRule => ({
  severity: 'warning',
  title,
  explanation,
});
const security = (rank: number, title: string, explanation: string): DiagnosticRule => ({
  severity: 'security',
  title,
  explanation,
  rank,
});

/** Every diagnostic by its code. The meaning of a code never changes, and codes are never reused. */
export const DIAGNOSTIC_RULES = {
  VP001: error(
    'not valid JSON',
    'The file is not valid JSON at this position, so nothing can be sent. If possible, the rest of the file is checked too, so that all errors are shown at once.',
  ),
  VP002: error('empty file', 'The file is empty, or contains only whitespace and comments.'),
  VP003: error('comment', 'JSON does not allow comments. `vastai permissions fix FILE` removes them.'),
  VP004: error(
    'trailing comma',
    'JSON does not allow a comma after the last member. `vastai permissions fix FILE` removes it.',
  ),
  VP005: error(
    'not UTF-8',
    'The file is UTF-16, or contains bytes that are not UTF-8. In Windows PowerShell, `>` writes UTF-16. `vastai permissions fix FILE` converts UTF-16 to UTF-8. Correct other invalid bytes yourself.',
  ),
  VP006: error('too large', 'The file is larger than 10 MiB and was not read.'),
  VP007: error(
    'nested too deeply',
    'Objects or arrays are nested more than 100 levels deep. A permission document needs six.',
  ),
  VP008: error('not an object', 'A permission document is a JSON object: `{"api": { … }}`.'),
  VP009: error(
    'duplicate key',
    'An object has the same key twice. Programs differ in which of the two they use, so it is unclear what the document grants. The finding points to the later one.',
  ),
  VP010: error('no "api"', 'The categories of a permission document must be inside "api".'),
  VP011: error(
    'unknown top-level key',
    'The only top-level key is "api". "$schema" is allowed for editors, and is removed before the document is sent.',
  ),
  VP012: error(
    'legacy format with manage_…',
    'Some older pages show permissions as switches such as "manage_instances". The API ignores them. The finding names the closest categories.',
  ),
  VP013: error(
    'legacy format with read and write',
    'Some older pages show permissions as `{"read": true, "write": false}`. The API ignores them. The finding shows the equivalent categories.',
  ),
  VP014: error(
    'unknown category',
    'This is not one of the eleven permission categories of Vast.ai. It grants nothing, or not what you meant.',
  ),
  VP015: error(
    'misspelled endpoint name',
    'The endpoint name is one edit away from a published one: a letter added, removed or changed, or two letters swapped.',
  ),
  VP016: error(
    'endpoint in the wrong category',
    'The endpoint belongs to another category. In this one it grants nothing.',
  ),
  VP017: error(
    'value of the wrong type',
    '"api", categories, endpoints, constraints and the parameters in them must be JSON objects. As the value of a category or an endpoint, `{}` means everything.',
  ),
  VP018: error(
    'unknown key in an endpoint',
    'The only key allowed in an endpoint is "constraints". A parameter here would restrict nothing.',
  ),
  VP019: error('unknown operator', 'The operators of a constraint are "eq", "gte" and "lte".'),
  VP020: error(
    'operator value of the wrong type',
    '"eq" takes a string, a number or a boolean. "gte" and "lte" take a number.',
  ),
  VP021: error('empty range', '"gte" is greater than "lte", so no value is allowed.'),
  VP022: error(
    'eq outside its range',
    'The value of "eq" is outside the range of "gte" and "lte", so no value is allowed.',
  ),
  VP023: error(
    'number that cannot be represented exactly',
    'JavaScript and many other programs represent integers exactly only up to 9007199254740991, so a different number could be sent.',
  ),
  VP024: error(
    'invalid text',
    'A string contains half a surrogate pair, which is not a character and cannot be encoded as UTF-8.',
  ),
  VP025: error('too many findings', 'The file has so many findings that the rest are not shown.'),
  VP026: error(
    'access levels in words',
    'Access is given with objects, not with words such as "read" or "full". The API ignores this format. The finding shows the equivalent categories.',
  ),
  VP027: error(
    'document inside "permissions"',
    'The document is the value of "permissions", as in a response of the API. A permission file starts with "api". `vastai permissions fix FILE` removes what is around it.',
  ),

  VP101: warning(
    'endpoint name that cannot be verified',
    'Vast.ai publishes the names of only five endpoints. The server has more, so this name may be correct, but its effect is unknown.',
  ),
  VP102: warning(
    'constraint on a parameter that the route does not have',
    'The path of the operation has no such parameter. It may be a parameter of the request body. If it is not, the effect of the constraint is not documented.',
  ),
  VP103: warning(
    'constraints above endpoint level',
    'The documentation says that constraints can appear at several levels, but shows them only in endpoints. They are sent unchanged. Their effect is not documented.',
  ),
  VP104: warning(
    'params',
    'The documentation says that "params" is used for wildcards, together with the key_params of a key, but gives no example. It is sent unchanged. Its effect is not documented.',
  ),
  VP106: warning('constraint that restricts nothing', 'The constraint has no conditions.'),
  VP107: warning(
    'byte order mark',
    'The file starts with a byte order mark. It is not sent, but other programs may reject the file. `vastai permissions fix FILE` removes it.',
  ),
  VP108: warning(
    'range without an effective limit',
    'The range allows every ID, or every ID from some number on, including everything created in the future. Limit it to single IDs with "eq", or to a range with an upper bound.',
  ),
  VP109: warning(
    'ID that is not written as a whole number',
    'Vast.ai documents IDs as whole numbers. It is not documented how the server compares them with a string, a fraction or a boolean.',
  ),

  VP201: security(
    9.8,
    'can create keys, subaccounts or roles',
    'A key that can create other keys, subaccounts or roles, or replace their keys, can gain full access: what it creates can have more permissions than it has itself.',
  ),
  VP202: security(
    9.1,
    'can change or delete the account',
    'A key that can change the email address of an account can take it over by resetting the password. Deleting an account cannot be undone.',
  ),
  VP203: security(
    8.2,
    'can change who has access',
    'SSH keys, login sessions, two-factor methods and team members decide who else has access.',
  ),
  VP204: security(
    7.5,
    'shows stored secrets',
    'The responses contain secrets: the values of stored environment variables, keys, or codes.',
  ),
  VP205: security(
    6.5,
    'spends money',
    'The operations rent, start or extend something that is billed, or transfer credit.',
  ),
  VP206: security(
    7.1,
    'destroys without a constraint',
    'The operations delete something permanently, and no constraint limits them. If the endpoint name is published, limit it to single IDs with "eq".',
  ),
  VP207: {
    ...warning(
      'read category that can also write',
      'Despite its name, the category includes operations that change, delete or schedule something. Dangerous operations have security findings of their own.',
    ),
    rank: 3.1,
  },
  VP208: security(
    9,
    'no category in "api"',
    'The document names no category. Vast.ai does not document what that grants, and its only public description reads it as everything. Name the categories that the key needs.',
  ),
  VP209: security(
    8.1,
    'pattern',
    'The name or value may be a pattern, such as "*". Vast.ai does not document any, so it may match nothing or everything. Decisions about anything it might cover are "unknown".',
  ),

  ...ACCOUNT_RULES,
} as const satisfies Readonly<Record<string, DiagnosticRule>>;

export type DiagnosticCode = keyof typeof DIAGNOSTIC_RULES;

/** Returns the anchor of a code in `docs/permission-diagnostics.md`, which stays the same if its title changes. */
export function anchorOf(code: string): string {
  return code.toLowerCase();
}

/** Codes that are no longer reported, and what took their place. Flags and settings still accept them. */
export const RETIRED_CODES: Readonly<Record<string, string>> = {
  VP105: 'The document has no categories. Replaced by VP208, since its effect is not documented.',
};

/** Returns true if a string is a diagnostic code of this or an earlier version, in upper case. */
export function isDiagnosticCode(code: string): boolean {
  return Object.hasOwn(DIAGNOSTIC_RULES, code) || Object.hasOwn(RETIRED_CODES, code);
}

/** Describes how to resolve a finding. The caller turns it into a command, since it knows the file. */
export interface DocumentAdvice {
  /** Repair the file, or start from a new document. */
  readonly do: 'fix-document' | 'begin-document';
}

/** Describes one finding in a permission document. */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  /** The name that was passed to `validate`. */
  readonly file: string;
  /** Lines and columns start at 1. Columns count UTF-16 code units, and the end is exclusive. */
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** JSONPath of the part with the finding, such as `$.api.misc`. */
  readonly path: string;
  readonly message: string;
  readonly help: string;
  readonly advice?: DocumentAdvice;
}
