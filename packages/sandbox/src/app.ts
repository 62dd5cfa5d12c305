import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { answer } from './answer.js';
import { parseJson, readBody } from './body.js';
import { controlRoutes } from './control.js';
import type { RequestRecord } from './request-log.js';
import { type Outcome, spoil } from './spoil.js';
import type { State } from './state.js';

/**
 * The sandbox as a Hono app: each request is read and logged, then carried out or spoiled by a fault.
 *
 * @param answered is told of each request when its answer is known.
 */
export function createApp(
  state: State,
  controlToken: string,
  answered: (record: RequestRecord) => void,
): Hono<{ Bindings: HttpBindings }> {
  const app = new Hono<{ Bindings: HttpBindings }>();
  // A caller that went away in the middle of its body, or a fault that HTTP cannot express.
  app.onError((error) => {
    return Response.json({ success: false, error: 'sandbox', msg: error.message }, { status: 500 });
  });
  app.route('/sandbox', controlRoutes(state, controlToken));
  app.all('*', async (c) => {
    const { incoming, outgoing } = c.env;
    const record = state.log.open(incoming);
    const authorization = incoming.headers.authorization;
    const address = incoming.socket.remoteAddress ?? '';
    const text = await readBody(incoming);
    record.bodyText = text ?? '';
    record.body = record.bodyText === '' ? undefined : (parseJson(record.bodyText) ?? record.bodyText);

    const carryOut = () =>
      text === undefined ? bodyTooLarge() : answer(state, { record, authorization, address });
    const fault = state.faults.take(record.method, record.path);
    let outcome: Outcome;
    if (fault) outcome = await spoil(fault, carryOut, outgoing, state.closing);
    else {
      const response = carryOut();
      outcome = { status: response.status, response };
    }
    record.status = outcome.status;
    answered(record);
    return outcome.response;
  });
  return app;
}

function bodyTooLarge(): Response {
  return Response.json(
    { success: false, error: 'too_large', msg: 'The body is too large.' },
    { status: 413, headers: { connection: 'close' } },
  );
}
