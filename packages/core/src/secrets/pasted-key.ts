import { ApiKey, describeKeyFault } from '../base/api-key.js';

/** The reason why a string is not accepted as a key, in words that follow “it”, and the remedy. Neither repeats the string. */
export interface PasteFault {
  readonly what: string;
  readonly remedy: string;
}

/**
 * Parses a key that a person typed, piped, stored or put into a variable.
 *
 * Keys have no documented format, so anything that was pasted with a key, or instead of one, would be sent, and the error
 * would be about the key. It is rejected here with its own reason, and never repaired, since a guess would send a key that
 * nobody gave. For a key in a response of the API, use `ApiKey.parse`.
 *
 * @param origin `person`, who may have pasted the placeholder of an example, or `program`
 */
export function parsePastedKey(text: string, origin: 'person' | 'program' = 'person'): ApiKey | PasteFault {
  const value = text.trim();
  if (IN_PRACTICE.test(value)) return keyOf(text);
  const mistake = mistakes().find(([pattern]) => pattern.test(value));
  if (mistake !== undefined) return { what: mistake[1], remedy: mistake[2] };
  if (origin === 'person' && PLACEHOLDER.test(bare(value))) {
    return {
      what: 'is a placeholder from an example, not a key',
      remedy: 'Replace it with your own key.',
    };
  }
  const wrapping = wrappings().find(([pattern]) => pattern.test(value));
  if (wrapping !== undefined) return { what: wrapping[1], remedy: wrapping[2] };
  return keyOf(text);
}

function keyOf(text: string): ApiKey | PasteFault {
  const key = ApiKey.parse(text);
  return typeof key === 'string' ? { what: describeKeyFault(key), remedy: ALONE } : key;
}

/** Matches the keys of Vast.ai, none of which is one of the mistakes below. Their expressions take 2 ms to compile. */
const IN_PRACTICE = /^[\da-f]{64}$/i;

const ALONE = 'Enter only one key, on one line.';
const WITHOUT = 'Enter only the key, without them.';
const NAME = String.raw`["']?[\w-]{0,40}(?:key|token|secret)[\w-]{0,20}["']?`;
const QUOTE = '["\'`´‘’‚‛“”„‟«»‹›]';

/** Matches a key as they are in practice. Unusual characters may belong to a key, so they are not matched. */
const WORD = String.raw`[\w.~+/=-]+`;

type Rule = readonly [pattern: RegExp, what: string, remedy: string];

/** Rules for something other than a key. */
const mistakes = (): readonly Rule[] => [
  [
    /^(?:null|undefined|none|nil|nan|true|false|\[object \w+\])$/iu,
    'is a word such as "null", which a program prints when it has no key',
    'Check where the key comes from.',
  ],
  [
    /^(?:ssh-\w+|ecdsa-\S+|sk-ssh-\S+) |^-----BEGIN /u,
    'is an SSH or PEM key, not an API key',
    'Enter an API key of Vast.ai.',
  ],
  [/^<(?:!doctype|html|\?xml)\b/iu, 'is a web page, not a key', 'Enter only the key.'],
  [
    /^\{\s*["']|^\[\s*["'{[]|^\{\s*\}$/u,
    'is a JSON document, not a key',
    'Enter the value of the field with the key, without quotation marks.',
  ],
  [/^[a-z][a-z\d+.-]*:\/\/|^(?:www\.|[\w-]{1,63}\.vast\.ai(?:\/|$))/iu, 'is a URL, not a key', ALONE],
  [/^[^\s@:/"'<>]{1,64}@[^\s@:/"'<>]{1,255}\.[a-z]{2,24}$/iu, 'is an email address, not a key', ALONE],
  [
    /^(?:~|\.{1,2})\/|^\/(?:home|root|Users|etc|run|var|tmp|mnt|opt|secrets)\/|^[a-z]:\\/u,
    'is the path of a file, not a key',
    'Pass the contents of the file on standard input, or set VAST_API_KEY_FILE to its path.',
  ],
  [
    /^["']?(?:\$(?:\{[^}]*\}|\([^)]*\)|\{\{.*\}\}|env:\w+|\w+)|%\w+%|\{\{.*\}\})["']?$/iu,
    'is a variable that was not replaced by its value',
    'Check that the variable is set, and that the shell or the CI replaces it.',
  ],
  [
    /^[\da-f]{32,}(?:[\s,;|]+[\da-f]{32,})+$|^([\da-f]{64})\1+$/iu,
    'is more than one key, or the same key twice',
    ALONE,
  ],
  [
    /^\S*(?:…|\.{3}|\*{3}|•{3})[\da-z]{1,8}$/iu,
    'is a shortened key, with only some of its characters',
    'Enter the whole key.',
  ],
];

/** Rules for a key with something that was copied along with it. */
const wrappings = (): readonly Rule[] => [
  [
    /^(?:[$>#]\s*)?(?:sudo\s+)?(?:vastai|vast|curl|\.\/vast\.py)\s|^--[a-z][\w-]*[=\s]|^-H\s/iu,
    'is a command or a flag with the key after it',
    'Enter only the key.',
  ],
  [
    new RegExp(`^${QUOTE}?(?:(?:proxy-)?authorization\\s*[:=]|(?:bearer|basic|token)\\s)`, 'iu'),
    'begins with "Bearer" or another part of a header',
    'Enter only the key.',
  ],
  [
    new RegExp(
      `^(?:export|set|setx|declare|env|ENV|ARG)\\s|^\\$env:|^(?:\\w{0,20}vast\\w{0,20}|${NAME})\\s*[:=]+\\s*(?!=*$)|^VAST_API_KEY\\b`,
      'iu',
    ),
    'begins with the name of a variable, such as "VAST_API_KEY="',
    'Enter only the part after the "=".',
  ],
  [around(QUOTE, QUOTE), 'is in quotation marks', WITHOUT],
  [around('[<[({]', '[>\\])}]'), 'is in brackets', WITHOUT],
  [
    new RegExp(`^[,;]+${WORD}|^${WORD}[,;]+$`, 'u'),
    'begins or ends with a comma or a semicolon',
    'Enter only the key, without it.',
  ],
  [
    new RegExp(`^${WORD}\\\\[nrt]?$`, 'u'),
    'ends with a backslash or an escaped line break',
    'Enter only the key, without it.',
  ],
];

/** Matches the placeholders of examples: YOUR_API_KEY, your_api_key_here, <your-key>, xxxx…, VAST_API_KEY. */
const PLACEHOLDER =
  /^(?:(?:your|insert|paste|replace|enter|put|change|add)(?:with|your|own|my|the|new|real|actual|secret|vast|vastai|ai|api|key|token|value|here|me|it|this)*|(?:vast(?:ai)?)?(?:api)?(?:key|token)(?:here)?|placeholder|todo|[x*•._…#-]{3,})$/iu;

/** Returns a string without names, marks and separators, so that a placeholder matches in every spelling. */
function bare(value: string): string {
  if (value.length > 200 || value.startsWith('-')) return value;
  if (/^[x*•._…#-]+$/iu.test(value)) return value;
  return value
    .replace(/^(?:export\s+|set\s+)?[\w-]{1,40}\s*[:=]\s*/iu, '')
    .replace(/^(?:authorization\s*:\s*)?bearer\s+/iu, '')
    .replace(/[^\p{L}\p{N}]/gu, '');
}

/** Returns an expression for a key between two marks, or with only one of them. */
function around(open: string, close: string): RegExp {
  return new RegExp(
    `^${open}${WORD}(?:${close})?[,;]*$|^${WORD}${close}[,;]*$|^${open}[^"']*${close}[,;]*$`,
    'u',
  );
}
