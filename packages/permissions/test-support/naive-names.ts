import type { Ask } from './readings.js';

const LOOSE: Readonly<Record<string, (key: string, name: string) => boolean>> = {
  'as it is': (key, name) => key === name,
  'in any spelling': (key, name) => plain(key) === plain(name),
  'as a prefix': (key, name) => name.startsWith(key.replace(/[._]+$/u, '')),
  'as a glob': (key, name) => matches(`^${key.split('*').map(escaped).join('.*')}$`, name),
  'as a regular expression': (key, name) => matches(`^(?:${key})$`, name),
  'as part of one': (key, name) => matches(key, name),
  'as SQL': (key, name) => matches(`^${key.split('%').map(escaped).join('.*')}$`, name),
  'as a list': (key, name) => key.split(/[\s,;|]+/u).includes(name),
};

/** Asks how a key that is not exactly a name is meant, and returns true if it then means the name. */
export function couldStandFor(key: string, name: string, ask: Ask): boolean {
  const ways = Object.keys(LOOSE).filter((way) => LOOSE[way]?.(key, name) === true && isOdd(way, key));
  if (ways.length === 0) return false;
  return ask(`${key} is read as what it may mean`, [false, true]);
}

/** Returns true if a key could be the name of an endpoint that is not published. */
export function couldBeName(key: string): boolean {
  return key.startsWith('api.');
}

/**
 * Returns an `ask` that gives an operation one plain name at most, in both of two documents: `api.x` and `api.y` are
 * not the same endpoint. A pattern may cover it, too.
 */
export function oneNameEach(ask: Ask): Ask {
  const names = new Map<string, string>();
  return (question, answers) => {
    const [, operation, name] = /^(\S+) is called (api(?:\.\w+)+)$/u.exec(question) ?? [];
    if (operation === undefined || name === undefined) return ask(question, answers);
    const known = names.get(operation);
    if (known !== undefined) return answers[known === name ? 1 : 0] as (typeof answers)[number];
    const answer = ask(question, answers);
    if (answer === answers[1]) names.set(operation, name);
    return answer;
  };
}

/** A plain word is neither a regular expression nor a prefix of a longer word, but of whole steps. */
function isOdd(way: string, key: string): boolean {
  if (way === 'as it is') return false;
  if (way === 'in any spelling' || way === 'as a list') return true;
  return !/^[\w.-]*[\w-]$/u.test(key);
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[\s._-]/gu, '');
}

function escaped(literal: string): string {
  return literal.replace(/[\\^$.*+?()[\]{}|]/gu, '\\$&');
}

function matches(pattern: string, name: string): boolean {
  try {
    return new RegExp(pattern, 'iu').test(name);
  } catch {
    return false;
  }
}
