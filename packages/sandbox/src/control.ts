import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { parseJson, readBody } from './body.js';
import { parseFaultInput } from './fault-input.js';
import { badInput, notFound } from './refusals.js';
import type { State } from './state.js';

/** The header that opens the control routes. No client of the API sends it by accident. */
const CONTROL_HEADER = 'x-sandbox-token';

/**
 * The routes that steer a sandbox from another process: `POST /faults`, `DELETE /faults` and
 * `GET /requests` (the log as lines of text). Without the token they do not exist.
 */
export function controlRoutes(state: State, token: string): Hono<{ Bindings: HttpBindings }> {
  const routes = new Hono<{ Bindings: HttpBindings }>();
  routes.use(async (c, next) => {
    if (c.req.header(CONTROL_HEADER) !== token) return notFound('No such endpoint.');
    await next();
    return undefined;
  });
  routes.post('/faults', async (c) => {
    try {
      const { route, fault, times } = parseFaultInput(parseJson((await readBody(c.env.incoming)) ?? ''));
      state.faults.add(route, fault, times);
    } catch (error) {
      return badInput((error as Error).message);
    }
    return Response.json({ success: true });
  });
  routes.delete('/faults', () => {
    state.faults.clear();
    return Response.json({ success: true });
  });
  routes.get('/requests', () => Response.json(state.log.records.map((record) => state.log.print(record))));
  return routes;
}
