import type { IncomingMessage } from 'node:http';

/** Far above any documented request. */
const MOST_BODY_BYTES = 1024 * 1024;

/**
 * The whole body as UTF-8 text, or undefined if it is over the limit.
 *
 * @throws Error if the caller goes away before the end.
 */
export async function readBody(incoming: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Leaving early must not destroy the connection: the refusal still has to go out on it.
  for await (const chunk of incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The parsed JSON, or undefined if the text is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
