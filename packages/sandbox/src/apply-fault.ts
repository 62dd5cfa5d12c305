import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Fault } from './faults.js';

/** The status for the log (null if nothing was sent) and the response for Hono to send. */
export interface Outcome {
  readonly status: number | null;
  readonly response: Response;
}

const DEFAULT_OVERSIZE_BYTES = 11 * 1024 * 1024;
const NOTHING: Outcome = { status: null, response: RESPONSE_ALREADY_SENT };

/**
 * Responds to a request as a fault demands.
 *
 * @param carryOut acts on the request and returns the proper response; called at most once
 * @param closing ends a wait when the sandbox closes
 */
export async function applyFault(
  fault: Fault,
  carryOut: () => Response,
  outgoing: ServerResponse,
  closing: AbortSignal,
): Promise<Outcome> {
  switch (fault.kind) {
    case 'latency': {
      const early = fault.acts ? carryOut() : undefined;
      const woken = await sleep(fault.ms, true, { signal: closing }).catch(() => false);
      return woken ? sent(early ?? carryOut()) : NOTHING;
    }
    case 'drop':
      if (fault.acts) carryOut();
      outgoing.destroy();
      return NOTHING;
    case 'answer': {
      if (fault.acts) carryOut();
      const { body, status, headers = {} } = fault;
      const isText = typeof body === 'string';
      const type = isText ? 'text/plain; charset=utf-8' : 'application/json';
      return sent(
        new Response(body === undefined || isText ? body : JSON.stringify(body), {
          status,
          headers: { ...(body === undefined ? {} : { 'content-type': type }), ...headers },
        }),
      );
    }
    case 'junk':
      if (fault.acts) carryOut();
      return sent(
        new Response('<!doctype html><title>Hello</title><p>This is not the API.', {
          headers: { 'content-type': 'text/html; charset=utf-8' },
        }),
      );
    case 'truncate':
    case 'stall':
      return sendHalf(carryOut(), outgoing, fault.kind === 'truncate');
    case 'oversize': {
      const { status } = carryOut();
      outgoing.writeHead(status, { 'content-type': 'application/json' });
      // Callers may hang up once they have enough.
      await pipeline(Readable.from(padding(fault.bytes ?? DEFAULT_OVERSIZE_BYTES)), outgoing).catch(() => {});
      return { status, response: RESPONSE_ALREADY_SENT };
    }
    case 'redirect':
      return sent(new Response(null, { status: fault.status ?? 307, headers: { location: fault.to } }));
  }
}

function sent(response: Response): Outcome {
  return { status: response.status, response };
}

async function sendHalf(response: Response, outgoing: ServerResponse, hangUp: boolean): Promise<Outcome> {
  const body = Buffer.from(await response.arrayBuffer());
  outgoing.writeHead(response.status, {
    ...Object.fromEntries(response.headers),
    'content-length': Math.max(body.length, 2),
  });
  const half = body.subarray(0, Math.floor(body.length / 2));
  outgoing.flushHeaders();
  outgoing.write(half, () => {
    if (hangUp) outgoing.destroy();
  });
  return { status: response.status, response: RESPONSE_ALREADY_SENT };
}

/** Yields JSON of about `bytes` bytes, valid but for its size. */
function* padding(bytes: number): Generator<Buffer> {
  const chunk = Buffer.alloc(64 * 1024, 'x');
  yield Buffer.from('{"padding":"');
  for (let left = bytes; left > 0; left -= chunk.length)
    yield chunk.subarray(0, Math.min(left, chunk.length));
  yield Buffer.from('"}');
}
