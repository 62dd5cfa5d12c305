import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { answerBody, type OwnAnswer } from './answers.js';

/** The response that a caller gets. */
export interface Reply {
  readonly status: number;
  readonly contentType: string;
  /** All of it, or its beginning. */
  readonly body: string;
  readonly rest?: Readable | undefined;
  /** True to close the connection: what follows on it cannot be trusted. */
  readonly closes?: boolean;
}

export function ownReply(answer: OwnAnswer, closes = false): Reply {
  return { status: answer.status, contentType: 'application/json', body: answerBody(answer), closes };
}

/**
 * Sends a reply. If the rest of it fails, the connection is cut, so that the caller does not take the beginning for all of it.
 *
 * @returns false if the caller cannot have got all of it
 */
export async function sendReply(response: ServerResponse, reply: Reply): Promise<boolean> {
  const { status, contentType, body, rest, closes = false } = reply;
  if (response.destroyed) {
    rest?.destroy();
    return false;
  }
  response.writeHead(status, {
    ...(body === '' && rest === undefined ? {} : { 'Content-Type': contentType }),
    ...(rest === undefined ? { 'Content-Length': Buffer.byteLength(body) } : {}),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...(closes ? { Connection: 'close' } : {}),
  });
  if (rest === undefined) {
    response.end(body);
    return true;
  }
  response.write(body);
  return pipeline(rest, response).then(
    () => true,
    () => false,
  );
}
