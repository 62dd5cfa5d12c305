/**
 * The inside of a character class, for a regular expression with the flag `u`: control, bidi, tag and other invisible
 * characters, and line separators, which could control a terminal or hide in one. It is a string because compiling such an
 * expression takes half a millisecond, which only programs that use it should pay.
 */
export const UNSEEN = '\\p{Cc}\\p{Cf}\\p{DI}\\u2028\\u2029';
