import type { ServerResponse } from 'node:http';
import type { ClientOptions } from '../client.js';
import type { OpenRequest } from '../open-response.js';
import { clientFor, serve } from './loopback-server.js';

export const GET: OpenRequest = { method: 'GET', path: '/api/v0/x/' };

export async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of body) parts.push(part);
  return Buffer.concat(parts).toString();
}

/** Opens a response that a server gives to each request. */
export async function opened(
  respond: (response: ServerResponse, count: number) => void,
  request: OpenRequest = GET,
  options: Partial<ClientOptions> = {},
) {
  const { url, seen } = await serve((response, _, count) => respond(response, count));
  const response = await clientFor(url, options).open(request);
  return { ...response, text: await textOf(response.body), seen };
}
