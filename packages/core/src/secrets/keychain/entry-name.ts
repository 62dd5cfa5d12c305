const SESSION = '/session';

/** Returns the account of the entry with a profile's two-factor session. It is not a valid name of a profile. */
export function sessionAccount(profile: string): string {
  return `${profile}${SESSION}`;
}

/** Names the entry of an account in messages: `key of profile "work"`. */
export function nameOfEntry(account: string): string {
  return account.endsWith(SESSION)
    ? `two-factor session of profile "${account.slice(0, -SESSION.length)}"`
    : `key of profile "${account}"`;
}
