import { type RequestLine, TransportError } from '../../base/errors.js';

/**
 * Returns the error for a response that does not come from the Vast.ai API. It says nothing about the key, nor about the
 * request: the API may have carried it out before something in between responded instead.
 *
 * @param what the fault of the response, which follows “The response to GET /…”
 * @param said the message in the response, cleaned; empty if it has none
 */
export function foreignResponse(
  { method, path }: RequestLine,
  what: string,
  { status, said = '' }: { readonly status?: number; readonly said?: string } = {},
): TransportError {
  const words = said === '' ? '' : ` It said: “${said}”`;
  return new TransportError(
    `The response to ${method} ${path} ${what}. It may come from a proxy or web filter in between, not from the Vast.ai API.${words}`,
    method !== 'GET',
    {
      hint: 'Check the network, the proxy (HTTPS_PROXY) and the URL (--url, VAST_URL).',
      ...(status === undefined ? {} : { status }),
    },
  );
}
