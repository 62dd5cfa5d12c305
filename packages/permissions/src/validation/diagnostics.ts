export type Severity = 'error' | 'security' | 'warning';

/** Describes one code, in the words of `docs/permission-diagnostics.md`. */
export interface DiagnosticRule {
  readonly severity: Severity;
  /** A few words, as in a list. */
  readonly title: string;
  /** Why it matters and what to do, in whole sentences. */
  readonly explanation: string;
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
const security = (title: string, explanation: string): DiagnosticRule => ({
  severity: 'security',
  title,
  explanation,
});

/** Every diagnostic by its code. A code never changes its meaning, and is not used again when it is gone. */
export const DIAGNOSTIC_RULES = {
  VP001: error(
    'not valid JSON',
    'The file is not valid JSON here, so nothing can be sent. Where possible, the rest of the file is read too, to show all errors at once.',
  ),
  VP002: error('empty file', 'The file is empty, or holds only white space and comments.'),
  VP003: error('comment', 'JSON has no comments. `vastai permissions fix FILE` removes them.'),
  VP004: error(
    'trailing comma',
    'JSON allows no comma after the last member. `vastai permissions fix FILE` removes it.',
  ),
  VP005: error(
    'not UTF-8',
    'The file is UTF-16, or has bytes that are not UTF-8. Windows PowerShell writes UTF-16 with `>`. `vastai permissions fix FILE` writes UTF-16 as UTF-8; correct other wrong bytes by hand.',
  ),
  VP006: error('too large', 'The file is larger than 10 MiB and was not read.'),
  VP007: error(
    'nested too deeply',
    'Objects or arrays are nested more than 100 levels deep. A permission document needs six.',
  ),
  VP008: error('not an object', 'A permission document is a JSON object: `{"api": { … }}`.'),
  VP009: error(
    'duplicate key',
    'One object has the same key twice. Programs differ in which one they take, so it is unclear what the key would grant. The finding is at the later one.',
  ),
  VP010: error('no "api"', 'A permission document has its categories under the key "api".'),
  VP011: error(
    'something beside "api"',
    'The top level has only the key "api". "$schema" is allowed for editors, and is removed before anything is sent.',
  ),
  VP012: error(
    'legacy format with manage_…',
    'Some older pages show permissions as a list of switches such as "manage_instances". The API does not read them. The help names the categories that come closest.',
  ),
  VP013: error(
    'legacy format with read and write',
    'Some older pages show permissions as `{"read": true, "write": false}`. The API does not read them. The help shows the same in categories.',
  ),
  VP014: error(
    'unknown category',
    'Vast.ai has eleven permission categories, and this is not one of them: it would grant nothing, or not what was meant.',
  ),
  VP015: error(
    'misspelt endpoint name',
    'The endpoint name is one letter away from a published one: a letter added, lost or changed, or two neighbours swapped.',
  ),
  VP016: error(
    'endpoint in the wrong category',
    'The endpoint belongs to another category. Under this one it grants nothing.',
  ),
  VP017: error(
    'value of the wrong type',
    'Categories, endpoints, constraints and the parameters in them are all JSON objects; `{}` stands for everything.',
  ),
  VP018: error(
    'unknown key in an endpoint',
    'An endpoint holds "constraints" and nothing else. A parameter here would restrict nothing.',
  ),
  VP019: error('unknown operator', 'A constraint compares with "eq", "gte" and "lte" only.'),
  VP020: error(
    'operator value of the wrong type',
    '"eq" takes a string, a number or a boolean; "gte" and "lte" take a number.',
  ),
  VP021: error('range that nothing fits', '"gte" is greater than "lte", so that no value passes.'),
  VP022: error(
    'eq outside its range',
    'The value of "eq" does not fit "gte" or "lte", so that no value passes.',
  ),
  VP023: error(
    'number that cannot be kept exactly',
    'The number is beyond what JavaScript and many other programs can hold exactly (integers up to 9007199254740991), so that another one could be sent.',
  ),
  VP024: error(
    'invalid text',
    'A string has half a surrogate pair, which is not a character and cannot be sent as UTF-8.',
  ),
  VP025: error('too many findings', 'The file has so many findings that the rest is left out.'),

  VP101: warning(
    'endpoint name that cannot be verified',
    'Vast.ai publishes the names of five endpoints. The server has more, so this name may be right, but what it grants is unknown.',
  ),
  VP102: warning(
    'constraint on a parameter that the route does not have',
    'The path of the operation has no such parameter. It may be one of the request body; if it is not, what the constraint does is not documented.',
  ),
  VP103: warning(
    'constraints above endpoint level',
    'The documentation says that constraints can be at different levels, but shows them only at endpoints. They are sent as they are; their effect is not documented.',
  ),
  VP104: warning(
    'params',
    'The documentation says that "params" takes wildcards together with the key_params of a key, without an example. It is sent as it is; its effect is not documented.',
  ),
  VP105: warning(
    'document that grants nothing',
    'The document lists no category. What an empty "api" means to the server is not documented.',
  ),
  VP106: warning('constraint that restricts nothing', 'The constraint has no condition.'),
  VP107: warning(
    'byte order mark',
    'The file starts with a byte order mark. It is not sent, but other programs may refuse the file. `vastai permissions fix FILE` removes it.',
  ),

  VP201: security(
    'can make keys, subaccounts or roles',
    'A key that can make other keys, subaccounts or roles, or replace their keys, can give itself everything: the permissions of what it makes are not limited to its own.',
  ),
  VP202: security(
    'can change or delete the account',
    'A key that can change the e-mail address of an account can take it over by recovering the password. Deleting it cannot be undone.',
  ),
  VP203: security(
    'can change who has access',
    'SSH keys, login sessions, two-factor methods and team members decide who else has access.',
  ),
  VP204: security(
    'shows stored secrets',
    'The answers hold secrets: stored environment variables with their values, keys, or codes.',
  ),
  VP205: security(
    'spends money',
    'The operations rent, start, extend or transfer something that is paid for.',
  ),
  VP206: security(
    'destroys without a constraint',
    'The operations delete something for good, and no constraint limits what. Name single ids with "eq" where the endpoint name is published.',
  ),
  VP207: security(
    'read category with more than reading',
    'In spite of its name the category has routes that change, delete or plan something.',
  ),
} as const satisfies Readonly<Record<string, DiagnosticRule>>;

export type DiagnosticCode = keyof typeof DIAGNOSTIC_RULES;

/** Says what would remove a finding, as data: whoever prints it knows the command, and gives it the file. */
export interface DocumentAdvice {
  /** Repair the file, or start with a document that grants nothing unasked. */
  readonly do: 'fix-document' | 'begin-document';
}

/** One finding in a permission document. */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  /** As it was given to `validate`. */
  readonly file: string;
  /** Lines and columns count from 1; columns count UTF-16 code units, and the end is the first place behind. */
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** JSONPath of what the finding is about, such as `$.api.misc`. */
  readonly path: string;
  readonly message: string;
  readonly help: string;
  readonly advice?: DocumentAdvice;
}
