import { boolean, custom, string } from '@oclif/core/flags';
import { UsageError } from '@vastai-cli/core/internal/base/errors';

export const METHODS: readonly string[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Returns true for the name of a method, in any case. */
export function isMethod(word: string): boolean {
  return METHODS.includes(word.toUpperCase());
}

/** Says where a method belongs that was typed elsewhere. */
export function methodAdvice(word: string): string {
  return `Give the method with -X: -X ${word.toUpperCase()}`;
}

const method = custom<string>({
  async parse(text) {
    if (isMethod(text)) return text.toUpperCase();
    throw new UsageError(`--method must be one of ${METHODS.join(', ')}.`);
  },
});

const max = custom<number>({
  async parse(text) {
    if (/^[1-9]\d{0,8}$/u.test(text)) return Number(text);
    throw new UsageError('--max must be a whole number, 1 or more.');
  },
});

const repeated = { multiple: true, multipleNonGreedy: true } as const;

/** The flags that change a request or its response. What is only about routes would ignore them. */
const OF_A_REQUEST = [
  'raw-field',
  'field',
  'data',
  'header',
  'include',
  'output',
  'paginate',
  'jq',
  'silent',
  'dry-run',
];

/** The flags of `api`. */
export const API_FLAGS = {
  method: method({
    char: 'X',
    helpValue: 'METHOD',
    description: `The method: ${METHODS.join(', ')}. [default: GET, or POST with a body]`,
  }),
  'raw-field': string({
    ...repeated,
    char: 'f',
    helpValue: 'KEY=STRING',
    description: 'Add a string to the body. KEY can be nested: key[name], key[].',
  }),
  field: string({
    ...repeated,
    char: 'F',
    helpValue: 'KEY=VALUE',
    description:
      'Add a value: true, false, null, a number, @FILE for the contents of a file, or any other text as a string. KEY:=JSON adds any JSON, or @FILE.',
  }),
  data: string({
    char: 'd',
    helpValue: 'JSON',
    description: 'Send a JSON body: the JSON itself, @FILE, or - for standard input.',
  }),
  header: string({
    ...repeated,
    char: 'H',
    helpValue: "'NAME: VALUE'",
    description: 'Add a header.',
  }),
  include: boolean({
    char: 'i',
    exclusive: ['json'],
    description: 'Print the status and the headers before the body.',
  }),
  output: string({ char: 'o', helpValue: 'FILE', description: 'Write the body to a file.' }),
  paginate: boolean({ description: 'Get all pages of a list as one document.' }),
  max: max({ helpValue: 'N', dependsOn: ['paginate'], description: 'Get at most this many items.' }),
  jq: string({
    helpValue: 'EXPR',
    description: 'Filter the body with a jq expression. Prints one result per line, strings without quotes.',
  }),
  silent: boolean({ description: 'Do not print the body.', exclusive: ['jq', 'output'] }),
  'show-secrets': boolean({ description: 'Show secrets in the body. The key that is sent stays masked.' }),
  'dry-run': boolean({
    description: 'Print the request and the permission it needs, without sending it.',
  }),
  list: boolean({
    description: 'List routes; PATH is a search term. -X names a method.',
    exclusive: [...OF_A_REQUEST, 'describe'],
  }),
  describe: boolean({
    exclusive: OF_A_REQUEST,
    description: 'Describe a route: its permission, its risks and the commands that use it.',
  }),
  yes: boolean({ char: 'y', description: 'Skip the confirmation.' }),
};

/** The values of these flags. */
export interface ApiFlagValues {
  readonly method?: string | undefined;
  readonly 'raw-field'?: readonly string[] | undefined;
  readonly field?: readonly string[] | undefined;
  readonly data?: string | undefined;
  readonly header?: readonly string[] | undefined;
  readonly include: boolean;
  readonly output?: string | undefined;
  readonly paginate: boolean;
  readonly max?: number | undefined;
  readonly jq?: string | undefined;
  readonly silent: boolean;
  readonly 'show-secrets': boolean;
  readonly json: boolean;
  readonly raw: boolean;
}

/** Returns true with `--json`, which always prints one document. */
export function isDocument({ json, raw }: ApiFlagValues): boolean {
  return json && !raw;
}
