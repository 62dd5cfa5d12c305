import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Fault } from './faults.js';

/** What goes out: the status for the log (null if none did) and the answer for Hono to send. */
export interface Outcome {
  readonly status: number | null;
  readonly response: Response;
}

const DEFAULT_OVERSIZE_BYTES = 11 * 1024 * 1024;
const NOTHING: Outcome = { status: null, response: RESPONSE_ALREADY_SENT };

/**
 * Answers a request in the way that a fault wants.
 *
 * @param carryOut acts on the request and gives its proper answer; called at most once.
 * @param closing ends a wait when the sandbox closes.
 */
export async function spoil(
  fault: Fault,
  carryOut: () => Response,
  outgoing: ServerResponse,
  closing: AbortSignal,
): Promise<Outcome> {
  switch (fault.kind) {
    case 'latency': {
      const early = fault.acts ? carryOut() : undefined;
      const woken = await sleep(fault.ms, true, { signal: closing }).catch(() => false);
      return woken ? answered(early ?? carryOut()) : NOTHING;
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
      return answered(
        new Response(body === undefined || isText ? body : JSON.stringify(body), {
          status,
          headers: { ...(body === undefined ? {} : { 'content-type': type }), ...headers },
        }),
      );
    }
    case 'junk':
      if (fault.acts) carryOut();
      return answered(
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
      // A caller that has enough hangs up, which is its good right.
      await pipeline(Readable.from(padding(fault.bytes ?? DEFAULT_OVERSIZE_BYTES)), outgoing).catch(() => {});
      return { status, response: RESPONSE_ALREADY_SENT };
    }
    case 'redirect':
      return answered(new Response(null, { status: fault.status ?? 307, headers: { location: fault.to } }));
  }
}

function answered(response: Response): Outcome {
  return { status: response.status, response };
}

async function sendHalf(answer: Response, outgoing: ServerResponse, hangUp: boolean): Promise<Outcome> {
  const body = Buffer.from(await answer.arrayBuffer());
  outgoing.writeHead(answer.status, {
    ...Object.fromEntries(answer.headers),
    'content-length': Math.max(body.length, 2),
  });
  const half = body.subarray(0, Math.floor(body.length / 2));
  outgoing.flushHeaders();
  outgoing.write(half, () => {
    if (hangUp) outgoing.destroy();
  });
  return { status: answer.status, response: RESPONSE_ALREADY_SENT };
}

/** JSON of about `bytes` bytes that is as good as any but for its size. */
function* padding(bytes: number): Generator<Buffer> {
  const chunk = Buffer.alloc(64 * 1024, 'x');
  yield Buffer.from('{"padding":"');
  for (let left = bytes; left > 0; left -= chunk.length)
    yield chunk.subarray(0, Math.min(left, chunk.length));
  yield Buffer.from('"}');
}
