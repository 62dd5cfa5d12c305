/** Redirects that one request follows at most. */
const MOST = 5;

type Redirect = { readonly to: URL } | { readonly refused: string };

/**
 * Reads where an answer redirects to; `undefined` for an answer that is no redirect.
 *
 * Only the same origin is followed, so that the key never leaves it. 301, 302 and 303 turn a request
 * that changes something into one that reads, so for those methods only 307 and 308 count.
 *
 * @param count how many redirects this request has followed.
 */
export function readRedirect(
  status: number,
  location: string | undefined,
  from: URL,
  method: string,
  count: number,
): Redirect | undefined {
  if (![301, 302, 303, 307, 308].includes(status)) return undefined;
  if (location === undefined || !URL.canParse(location, from)) {
    return { refused: `${from.origin} sent a redirect (${status}) that leads nowhere.` };
  }
  const to = new URL(location, from);
  if (to.origin !== from.origin || to.username !== '' || to.password !== '') {
    return {
      refused: `${from.origin} sent a redirect to another place, ${placeOf(to)}; the key does not go there.`,
    };
  }
  if (method !== 'GET' && status !== 307 && status !== 308) {
    return {
      refused: `${from.origin} answered ${method} with a redirect (${status}) that cannot be followed.`,
    };
  }
  if (count >= MOST) return { refused: `${from.origin} sent more than ${MOST} redirects.` };
  to.hash = '';
  return { to };
}

function placeOf(url: URL): string {
  return url.origin === 'null' ? `a ${url.protocol.slice(0, -1)} address` : url.origin;
}
