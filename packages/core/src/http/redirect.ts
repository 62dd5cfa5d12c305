/** Most redirects that a request follows, unless its client says otherwise. */
const MOST = 5;

type Redirect = { readonly to: URL } | { readonly refused: string };

/**
 * Returns the target of a redirect, or the reason not to follow it; `undefined` if the response is not a redirect.
 *
 * Only redirects within the origin are followed, so that the key never leaves it. 301, 302 and 303 turn a request that
 * changes something into a GET, so for other methods only 307 and 308 are followed.
 *
 * @param count number of redirects that this request has followed
 * @param most how many it follows
 */
export function readRedirect(
  status: number,
  location: string | undefined,
  from: URL,
  method: string,
  count: number,
  most: number = MOST,
): Redirect | undefined {
  if (![301, 302, 303, 307, 308].includes(status)) return undefined;
  if (location === undefined || !URL.canParse(location, from)) {
    return { refused: `${from.origin} sent a redirect (${status}) without a valid target.` };
  }
  const to = new URL(location, from);
  if (to.origin !== from.origin || to.username !== '' || to.password !== '') {
    return {
      refused: `${from.origin} redirected to ${placeOf(to)}. The key is not sent there.`,
    };
  }
  if (method !== 'GET' && status !== 307 && status !== 308) {
    return {
      refused: `${from.origin} responded to ${method} with a redirect (${status}) that cannot be followed.`,
    };
  }
  if (count >= most) return { refused: `${from.origin} sent more than ${most} redirects.` };
  to.hash = '';
  return { to };
}

function placeOf(url: URL): string {
  return url.origin === 'null' ? `a ${url.protocol.slice(0, -1)} address` : url.origin;
}
