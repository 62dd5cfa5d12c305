import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { applyFault, type Outcome } from './apply-fault.js';
import { parseJson, readBody } from './body.js';
import { controlRoutes } from './control.js';
import type { RequestRecord } from './request-log.js';
import { respond } from './respond.js';
import type { State } from './state.js';

/**
 * Returns the sandbox as a Hono app, which reads and logs each request and then carries it out, with a fault if one is
 * set for it.
 *
 * @param onResponse is called for each request once its response is known
 */
export function createApp(
  state: State,
  controlToken: string,
  onResponse: (record: RequestRecord) => void,
): Hono<{ Bindings: HttpBindings }> {
  const app = new Hono<{ Bindings: HttpBindings }>();
  // A caller that disconnected in the middle of its body, or a fault that HTTP cannot express.
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
      text === undefined ? bodyTooLarge() : respond(state, { record, authorization, address });
    const fault = state.faults.take(record.method, record.path);
    let outcome: Outcome;
    if (fault) outcome = await applyFault(fault, carryOut, outgoing, state.closing);
    else {
      const response = carryOut();
      outcome = { status: response.status, response };
    }
    record.status = outcome.status;
    onResponse(record);
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
