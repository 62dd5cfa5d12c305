import { ApiKey, describeKeyFault } from '../base/api-key.js';

/** Why a person's text is not taken as a key, as `it …`, and what to do. Neither repeats the text. */
export interface PasteFault {
  readonly what: string;
  readonly remedy: string;
}

/**
 * Reads the text that a person typed, piped, stored or put into a variable as a key.
 *
 * A key promises no format, so what was copied along with one, or instead of one, would be sent and rejected, and the
 * message would blame the key. It is refused with a reason of its own and never repaired: a guess at what was meant
 * would send a key that nobody gave. A key in an answer of the API is read by `ApiKey.parse` instead.
 */
export function parsePastedKey(text: string, origin: 'person' | 'program' = 'person'): ApiKey | PasteFault {
  const value = text.trim();
  if (IN_PRACTICE.test(value)) return keyOf(text);
  const mistake = mistakes().find(([pattern]) => pattern.test(value));
  if (mistake !== undefined) return { what: mistake[1], remedy: mistake[2] };
  if (origin === 'person' && PLACEHOLDER.test(bare(value))) {
    return {
      what: 'is the placeholder of an example, not a key',
      remedy: 'Put your own key in its place.',
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

/** The form that keys of Vast.ai have, which is none of the mistakes below: what they look like costs 2 ms to compile. */
const IN_PRACTICE = /^[\da-f]{64}$/i;

const ALONE = 'Give one key, alone on one line.';
const WITHOUT = 'Give the key alone, without them.';
const NAME = String.raw`["']?[\w-]{0,40}(?:key|token|secret)[\w-]{0,20}["']?`;
const QUOTE = '["\'`´‘’‚‛“”„‟«»‹›]';

/** A key as they are in practice; what is stranger may have been meant. */
const WORD = String.raw`[\w.~+/=-]+`;

type Rule = readonly [pattern: RegExp, what: string, remedy: string];

/** Something else than a key. */
const mistakes = (): readonly Rule[] => [
  [
    /^(?:null|undefined|none|nil|nan|true|false|\[object \w+\])$/iu,
    'is a word such as "null", which a program prints when it has no key',
    'Check where the key comes from.',
  ],
  [
    /^(?:ssh-\w+|ecdsa-\S+|sk-ssh-\S+) |^-----BEGIN /u,
    'is an SSH or PEM key, not an API key',
    'Give an API key of Vast.ai.',
  ],
  [/^<(?:!doctype|html|\?xml)\b/iu, 'is a web page, not a key', 'Give the key alone.'],
  [
    /^\{\s*["']|^\[\s*["'{[]|^\{\s*\}$/u,
    'is a JSON document, not a key',
    'Give the value of the field that holds the key, without quotation marks.',
  ],
  [/^[a-z][a-z\d+.-]*:\/\/|^(?:www\.|[\w-]{1,63}\.vast\.ai(?:\/|$))/iu, 'is an address, not a key', ALONE],
  [/^[^\s@:/"'<>]{1,64}@[^\s@:/"'<>]{1,255}\.[a-z]{2,24}$/iu, 'is an e-mail address, not a key', ALONE],
  [
    /^(?:~|\.{1,2})\/|^\/(?:home|root|Users|etc|run|var|tmp|mnt|opt|secrets)\/|^[a-z]:\\/u,
    'is the path of a file, not a key',
    'Give what the file holds: on standard input, or name the file in VAST_API_KEY_FILE.',
  ],
  [
    /^["']?(?:\$(?:\{[^}]*\}|\([^)]*\)|\{\{.*\}\}|env:\w+|\w+)|%\w+%|\{\{.*\}\})["']?$/iu,
    'is a variable that was not replaced by its value',
    'Check where the variable is set, and that the shell or the CI replaces it.',
  ],
  [
    /^[\da-f]{32,}(?:[\s,;|]+[\da-f]{32,})+$|^([\da-f]{64})\1+$/iu,
    'is more than one key, or the same one twice',
    ALONE,
  ],
  [
    /^\S*(?:…|\.{3}|\*{3}|•{3})[\da-z]{1,8}$/iu,
    'is a shortened key, of which only a part is shown',
    'Give the whole key.',
  ],
];

/** A key, and what was copied along with it. */
const wrappings = (): readonly Rule[] => [
  [
    /^(?:[$>#]\s*)?(?:sudo\s+)?(?:vastai|vast|curl|\.\/vast\.py)\s|^--[a-z][\w-]*[=\s]|^-H\s/iu,
    'is a command or a flag with the key behind it',
    'Give the key alone.',
  ],
  [
    new RegExp(`^${QUOTE}?(?:(?:proxy-)?authorization\\s*[:=]|(?:bearer|basic|token)\\s)`, 'iu'),
    'has "Bearer" or another part of a header in front',
    'Give the key alone.',
  ],
  [
    new RegExp(
      `^(?:export|set|setx|declare|env|ENV|ARG)\\s|^\\$env:|^(?:\\w{0,20}vast\\w{0,20}|${NAME})\\s*[:=]+\\s*(?!=*$)|^VAST_API_KEY\\b`,
      'iu',
    ),
    'has the name of a variable in front, as "VAST_API_KEY="',
    'Give what stands behind the "=" alone.',
  ],
  [around(QUOTE, QUOTE), 'is in quotation marks', WITHOUT],
  [around('[<[({]', '[>\\])}]'), 'is in brackets', WITHOUT],
  [
    new RegExp(`^[,;]+${WORD}|^${WORD}[,;]+$`, 'u'),
    'begins or ends with a comma or a semicolon',
    'Give the key alone, without it.',
  ],
  [
    new RegExp(`^${WORD}\\\\[nrt]?$`, 'u'),
    'ends with a backslash or an escaped line break',
    'Give the key alone, without it.',
  ],
];

/** What examples have where a key belongs: YOUR_API_KEY, your_api_key_here, <your-key>, xxxx…, VAST_API_KEY. */
const PLACEHOLDER =
  /^(?:(?:your|insert|paste|replace|enter|put|change|add)(?:with|your|own|my|the|new|real|actual|secret|vast|vastai|ai|api|key|token|value|here|me|it|this)*|(?:vast(?:ai)?)?(?:api)?(?:key|token)(?:here)?|placeholder|todo|[x*•._…#-]{3,})$/iu;

/** A text without the names, marks and separators around and in it, so that a placeholder is known however it is written. */
function bare(value: string): string {
  if (value.length > 200 || value.startsWith('-')) return value;
  if (/^[x*•._…#-]+$/iu.test(value)) return value;
  return value
    .replace(/^(?:export\s+|set\s+)?[\w-]{1,40}\s*[:=]\s*/iu, '')
    .replace(/^(?:authorization\s*:\s*)?bearer\s+/iu, '')
    .replace(/[^\p{L}\p{N}]/gu, '');
}

/** Recognises a key between two marks, or with one of them at one end. */
function around(open: string, close: string): RegExp {
  return new RegExp(
    `^${open}${WORD}(?:${close})?[,;]*$|^${WORD}${close}[,;]*$|^${open}[^"']*${close}[,;]*$`,
    'u',
  );
}
