const FOREIGN = /\b(?:another|other|different) user|\bnot (?:your|own\b|belong)/i;

/** Whether a refusal says that the thing is another account's, which no permission of a key reaches. */
export function isOfAnother(said: string): boolean {
  return FOREIGN.test(said);
}
