/**
 * Returns true if a name or value has a character that is special in wildcards or regular expressions, such as `*`.
 * Documented names and IDs have none of them.
 */
export function looksLikePattern(text: string): boolean {
  return /[*?[\]()^|%\\]|\{[^{}]*,/u.test(text);
}
