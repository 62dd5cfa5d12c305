import { type RequestLine, TransportError } from '../base/errors.js';

/**
 * Returns the error for an answer that the Vast.ai API does not give. It proves nothing about the key, nor about
 * what was asked: a change may have been made before something in between answered in the API's place.
 *
 * @param what what is wrong with the answer, to follow “The answer to GET /… ”.
 * @param said the answer's own words, cleaned; empty where it has none.
 */
export function foreignResponse(
  { method, path }: RequestLine,
  what: string,
  { status, said = '' }: { readonly status?: number; readonly said?: string } = {},
): TransportError {
  const words = said === '' ? '' : ` It said: “${said}”`;
  return new TransportError(
    `The answer to ${method} ${path} ${what}. It may come from a proxy or web filter in between, not from the Vast.ai API.${words}`,
    method !== 'GET',
    {
      hint: 'Check the network, the proxy (HTTPS_PROXY) and the URL (--url, VAST_URL).',
      ...(status === undefined ? {} : { status }),
    },
  );
}
