import { wordsOf } from '../names.js';
import type { Place } from '../place.js';
import type { Shape } from '../shape.js';

const ENDINGS = new Set(['txt', 'key', 'token', 'secret', 'pem', 'bak', 'old', 'orig', 'env', 'save', 'swp']);

/** Returns true if a file is one that holds a key of Vast.ai, by its name: `vast_api_key`, `.vast_api_key`, `vastai.key`. */
export function isKeyFile(path: string): boolean {
  const parts = path.replaceAll('\\', '/').split('/');
  const words = wordsOf(parts.at(-1) ?? '');
  const folder = wordsOf(parts.at(-2) ?? '');
  const isKey = ['key', 'keys', 'token', 'secret'].some((word) => words.includes(word));
  if (!isKey || words.some((word) => /^(?:sha\d*|md5|hash|sum|pub|public)$/u.test(word))) return false;
  const isVast = (word: string) => word === 'vast' || word === 'vastai';
  if (words.some(isVast)) {
    const extension = /\.(?<extension>\w+)$/u.exec((parts.at(-1) ?? '').slice(1))?.groups?.extension;
    return extension === undefined || ENDINGS.has(extension.toLowerCase());
  }
  // The daemon of a host keeps its key in vastai_kaalia/api_key.
  return folder.some(isVast) && words.join('_') === 'api_key';
}

/** Returns true if a word is alone on its line; in the whole file if it may be a line of an SSH key, which has such names too. */
export function isAlone(place: Place, shape: Shape): boolean {
  if (shape !== 'key' && /\S/u.test(place.before + place.after)) return false;
  return (
    /(?:^|\n|\ufeff|\xef\xbb\xbf)[ \t"']{0,8}$/u.test(place.before.slice(-12)) &&
    /^[ \t"']{0,8}(?:\r?\n|$)/u.test(place.after)
  );
}
