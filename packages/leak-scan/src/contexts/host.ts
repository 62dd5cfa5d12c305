const HOST = 'vast.ai';

/** Returns true if a text has the address of Vast.ai or of one of its hosts in it, and not just an e-mail address. */
export function hasVastHost(text: string): boolean {
  for (let at = text.indexOf(HOST); at !== -1; at = text.indexOf(HOST, at + 1)) {
    const before = text[at - 1] ?? ' ';
    const after = text.slice(at + HOST.length, at + HOST.length + 2);
    if (!/[\w@-]/u.test(before) && !/^(?:[\w-]|\.[a-z])/u.test(after)) return true;
  }
  return false;
}
