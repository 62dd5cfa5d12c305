import { byName } from './contexts/assignment.js';
import { onCommandLine } from './contexts/command-line.js';
import { isAlone, isKeyFile } from './contexts/key-file.js';
import { isHereDocument, isHereString, isRedirected } from './contexts/redirect.js';
import { isChecksumList } from './lock-files.js';
import type { Place } from './place.js';
import type { Reason } from './reasons.js';
import { isPlaceholder, type Shape } from './shape.js';

/** Decides which words of a file are keys of Vast.ai. */
export class Judge {
  readonly #isKeyFile: boolean;
  readonly #isChecksumList: boolean;

  constructor(path: string) {
    this.#isKeyFile = isKeyFile(path);
    this.#isChecksumList = isChecksumList(path);
  }

  /**
   * Returns why a word is thought to be a key, or undefined if nothing says so.
   *
   * @param isVastNear false if the surroundings do not mention Vast.ai at all
   */
  reasonFor(word: string, shape: Shape, place: Place, isVastNear: boolean): Reason | undefined {
    if (this.#isChecksumList || !(this.#isKeyFile || isVastNear || /api/iu.test(place.before.slice(-24))))
      return undefined;
    if (isPartOfMore(place, shape)) return undefined;
    const reason = this.#find(shape, place, isVastNear);
    return reason === undefined || isPlaceholder(word) ? undefined : reason;
  }

  #find(shape: Shape, place: Place, isVastNear: boolean): Reason | undefined {
    if (this.#isKeyFile && isAlone(place, shape)) return 'key-file';
    const typed = onCommandLine(place, shape);
    if (typed !== undefined || !isVastNear) return typed;
    return (
      byName(place, shape) ??
      (shape === 'key' && (isRedirected(place) || isHereDocument(place) || isHereString(place))
        ? 'redirect'
        : undefined)
    );
  }
}

/** Returns true for the first part of something longer: a path, a version, a token with points. */
function isPartOfMore(place: Place, shape: Shape): boolean {
  const after = place.after.slice(0, 2);
  return shape === 'key' ? /^[-_./@+][A-Za-z\d]/u.test(after) : /^[-_./@+=~]/u.test(after);
}
