/** Returns the location of a key as a sentence names it: a path as it is, an entry of a keychain as "the keychain". */
export function placeOf(location: string): string {
  return /^keychain \(/u.test(location) ? 'the keychain' : location;
}
