import type { IncomingMessage } from 'node:http';

/** Far above any documented request. */
const MOST_BODY_BYTES = 1024 * 1024;

/**
 * Reads the whole body as UTF-8; undefined if it is over the limit.
 *
 * @throws Error if the caller disconnects before the end
 */
export async function readBody(incoming: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Leaving early must not destroy the connection: the error still has to be sent on it.
  for await (const chunk of incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Parses JSON; undefined if the string is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
