const HOST = 'vast.ai';

/** A variable that has the address in it: `$VAST_URL`, `VASTAI_BASE_URL`. */
const VARIABLE = /(?<![a-z])vast(?:_?ai)?_?(?:api_?)?(?:base_?)?(?:url|host|base|endpoint|server)(?![a-z])/iu;

/** Returns true if a text has the address of Vast.ai or of one of its hosts in it, or names it, and not just an e-mail address. */
export function hasVastHost(text: string): boolean {
  for (let at = text.indexOf(HOST); at !== -1; at = text.indexOf(HOST, at + 1)) {
    const before = text[at - 1] ?? ' ';
    const after = text.slice(at + HOST.length, at + HOST.length + 2);
    if (!/[\w@-]/u.test(before) && !/^(?:[\w-]|\.[a-z])/u.test(after)) return true;
  }
  return VARIABLE.test(text);
}
