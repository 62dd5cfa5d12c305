/** Removes the user name, the password and the query from a URL, because they may be secret. Returns anything else as it is. */
export function shownSource(address: string): string {
  if (address.startsWith('file:') || !URL.canParse(address)) return address;
  const url = new URL(address);
  url.username = '';
  url.password = '';
  url.search = '';
  return url.href;
}
