/** No name of a category or an endpoint is longer, by far. */
const LONGEST = 256;

/**
 * Returns true if a name in a document may be a pattern, of which Vast.ai documents none: it is empty, has punctuation
 * that no documented name has, such as `*`, or begins or ends with a dot. Returns true rather too often, since nobody
 * knows which characters a server treats specially.
 */
export function mayBePattern(name: string): boolean {
  return name === '' || /[!-,/:-@[-^`{-~]|^\.|\.$|\.\./u.test(name);
}

/**
 * Returns true if a name in a document that is not `name` may mean it all the same: as a pattern, as a prefix, or in
 * another spelling. Returns true rather too often, since a server could read a pattern in many ways.
 */
export function mayMean(written: string, name: string): boolean {
  if (written === name || isPlainlyOther(written, name)) return false;
  if (written.length > LONGEST) return true;
  if (plain(written) === plain(name)) return true;
  const lower = written.toLowerCase();
  if (!mayBePattern(written)) return isPrefix(lower, name);
  if (lower.includes('*') && /^[\w.*-]+$/u.test(lower)) return hasPieces(lower, name);
  return /^\w[\w-]*(?:\.[\w-]+)*\.+$/u.test(lower) ? name.startsWith(lower.replace(/\.+$/u, '')) : true;
}

/** Returns true for a plain word with another first letter, which is no spelling of the name. Most names are. */
function isPlainlyOther(written: string, name: string): boolean {
  const first = written.charCodeAt(0);
  return first !== name.charCodeAt(0) && first >= A && first <= Z && /^\w{1,256}$/.test(written);
}

const A = 'a'.charCodeAt(0);
const Z = 'z'.charCodeAt(0);

/** Returns a name without what could be a matter of spelling: letter case, widths, separators and spaces. */
function plain(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');
}

function isPrefix(written: string, name: string): boolean {
  const stem = written.replace(/[._-]+$/u, '');
  return name.startsWith(stem) && /^[._]/u.test(name.slice(stem.length));
}

/**
 * Returns true if what stands between the stars occurs in the name, in this order. In a regular expression, a star
 * makes the character in front of it optional, so that one is left out.
 */
function hasPieces(pattern: string, name: string): boolean {
  const parts = pattern.split('*');
  const pieces = parts.map((part, index) => (index === parts.length - 1 ? part : part.slice(0, -1)));
  let from = 0;
  for (const piece of pieces) {
    const at = name.indexOf(piece, from);
    if (at < 0) return false;
    from = at + piece.length;
  }
  return true;
}
