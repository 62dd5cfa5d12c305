/** Returns an address without what may be secret in it: a user, a password, a query. Anything else stays as it is. */
export function shownSource(address: string): string {
  if (address.startsWith('file:') || !URL.canParse(address)) return address;
  const url = new URL(address);
  url.username = '';
  url.password = '';
  url.search = '';
  return url.href;
}
