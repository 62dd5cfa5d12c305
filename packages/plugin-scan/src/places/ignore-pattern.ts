/** Describes what one part of a pattern matches. `deep` is `**` with its slash: any number of folders. */
type Token =
  | { readonly kind: 'character'; readonly character: string }
  | { readonly kind: 'one' | 'some' | 'deep' | 'inside' | 'rest' }
  | {
      readonly kind: 'class';
      readonly isNegated: boolean;
      readonly ranges: readonly (readonly [string, string])[];
    };

/**
 * Compiles a pattern of a `.gitignore` (gitignore(5)) into a test of a path. It follows all ways through the pattern at once, so
 * that no pattern of a stranger is slow: the time is at most the length of the pattern times that of the path.
 *
 * @param pattern without `!`, and without a slash at its end or its beginning
 * @returns undefined for a pattern that matches nothing, such as one with an open bracket
 */
export function compilePattern(pattern: string): ((path: string) => boolean) | undefined {
  if (!/[*?[\\]/u.test(pattern)) return (path) => path === pattern;
  if (/^\*[^*?[\\/]+$/u.test(pattern)) return endingTest(pattern.slice(1));
  const tokens = tokensOf(pattern);
  return tokens === undefined ? undefined : (path) => matches(tokens, path);
}

function endingTest(ending: string): (path: string) => boolean {
  return (path) => path.endsWith(ending) && !path.slice(0, -ending.length).includes('/');
}

function tokensOf(pattern: string): Token[] | undefined {
  const tokens: Token[] = [];
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern.charAt(at);
    if (character === '*') {
      const end = endOfStars(pattern, at);
      at = end - 1 + pushStars(tokens, pattern, at, end);
    } else if (character === '?') tokens.push({ kind: 'one' });
    else if (character === '[') {
      const end = endOfClass(pattern, at);
      if (end === undefined) return undefined;
      tokens.push(classOf(pattern.slice(at + 1, end)));
      at = end;
    } else {
      if (character === '\\') at++;
      // Git takes a backslash at the end for a pattern that matches nothing.
      if (at >= pattern.length) return undefined;
      tokens.push({ kind: 'character', character: pattern.charAt(at) });
    }
  }
  return tokens;
}

function endOfStars(pattern: string, from: number): number {
  let end = from;
  while (pattern[end] === '*') end++;
  return end;
}

/** Adds the tokens for one or more stars, and returns how many characters behind them belong to these. */
function pushStars(tokens: Token[], pattern: string, from: number, end: number): 0 | 1 {
  const isWhole = end - from === 2 && (from === 0 || pattern[from - 1] === '/');
  if (isWhole && pattern[end] === '/') {
    tokens.push({ kind: 'deep' }, { kind: 'inside' });
    return 1;
  }
  tokens.push({ kind: isWhole && end === pattern.length ? 'rest' : 'some' });
  return 0;
}

function endOfClass(pattern: string, from: number): number | undefined {
  let at = from + 1;
  if (pattern[at] === '!' || pattern[at] === '^') at++;
  // A bracket that comes first belongs to the class.
  for (let isFirst = true; at < pattern.length; at++, isFirst = false) {
    if (pattern[at] === '\\') at++;
    else if (pattern[at] === '[' && pattern[at + 1] === ':') {
      const end = pattern.indexOf(':]', at);
      if (end !== -1) at = end + 1;
    } else if (pattern[at] === ']' && !isFirst) return at;
  }
  return undefined;
}

const NAMED: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  alnum: [
    ['0', '9'],
    ['A', 'Z'],
    ['a', 'z'],
  ],
  alpha: [
    ['A', 'Z'],
    ['a', 'z'],
  ],
  blank: [
    [' ', ' '],
    ['\t', '\t'],
  ],
  digit: [['0', '9']],
  lower: [['a', 'z']],
  punct: [
    ['!', '/'],
    [':', '@'],
    ['[', '`'],
    ['{', '~'],
  ],
  space: [
    ['\t', '\r'],
    [' ', ' '],
  ],
  upper: [['A', 'Z']],
  xdigit: [
    ['0', '9'],
    ['A', 'F'],
    ['a', 'f'],
  ],
};

function classOf(inside: string): Token {
  const isNegated = inside.startsWith('!') || inside.startsWith('^');
  const ranges: (readonly [string, string])[] = [];
  for (let at = isNegated ? 1 : 0; at < inside.length; at++) {
    const named = inside[at] === '[' && inside[at + 1] === ':' ? inside.indexOf(':]', at) : -1;
    if (named !== -1) {
      ranges.push(...(NAMED[inside.slice(at + 2, named)] ?? []));
      at = named + 1;
      continue;
    }
    if (inside[at] === '\\') at++;
    const first = inside.charAt(at);
    let last = first;
    if (inside[at + 1] === '-' && at + 2 < inside.length) {
      at += inside[at + 2] === '\\' ? 3 : 2;
      last = inside.charAt(at);
    }
    // In git, the first character of a range matches even if the range is the wrong way round.
    ranges.push([first, first], [first, last]);
  }
  return { kind: 'class', isNegated, ranges };
}

function matches(tokens: readonly Token[], path: string): boolean {
  let states = new Uint8Array(tokens.length + 1);
  enter(tokens, states, 0);
  for (const character of path) {
    const next = new Uint8Array(tokens.length + 1);
    for (const [index, token] of tokens.entries())
      if (states[index] === 1) step(tokens, next, index, token, character);
    states = next;
  }
  return states[tokens.length] === 1;
}

/** Marks a state, and those that are reached from it without a character. */
function enter(tokens: readonly Token[], states: Uint8Array, index: number): void {
  for (let at = index; states[at] !== 1; ) {
    states[at] = 1;
    const kind = tokens[at]?.kind;
    if (kind === 'some') at++;
    else if (kind === 'deep') at += 2;
  }
}

function step(
  tokens: readonly Token[],
  next: Uint8Array,
  index: number,
  token: Token,
  character: string,
): void {
  const isSlash = character === '/';
  switch (token.kind) {
    case 'character':
      if (token.character === character) enter(tokens, next, index + 1);
      return;
    case 'one':
      if (!isSlash) enter(tokens, next, index + 1);
      return;
    case 'some':
      if (!isSlash) enter(tokens, next, index);
      return;
    case 'class':
      if (!isSlash && isIn(token, character)) enter(tokens, next, index + 1);
      return;
    case 'rest':
      next[index] = 1;
      next[index + 1] = 1;
      return;
    case 'deep':
    case 'inside': {
      const deep = token.kind === 'deep' ? index : index - 1;
      if (isSlash) enter(tokens, next, deep);
      else next[deep + 1] = 1;
    }
  }
}

function isIn({ isNegated, ranges }: Extract<Token, { kind: 'class' }>, character: string): boolean {
  return ranges.some(([first, last]) => first <= character && character <= last) !== isNegated;
}
