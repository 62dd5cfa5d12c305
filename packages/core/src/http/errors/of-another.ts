const FOREIGN = /\b(?:another|other|different) user|\bnot (?:your|own\b|belong)/i;

/** Returns true if an API error says that the object belongs to another account, where no permission helps. */
export function isOfAnother(said: string): boolean {
  return FOREIGN.test(said);
}
