import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { invalidInput, notFound } from './api-errors.js';
import { parseJson, readBody } from './body.js';
import { parseFaultInput } from './fault-input.js';
import type { State } from './state.js';

/** Opens the control routes. No client of the API sends this header by accident. */
const CONTROL_HEADER = 'x-sandbox-token';

/**
 * Returns the routes that control a sandbox from another process: `POST /faults`, `DELETE /faults` and
 * `GET /requests` (the log as lines of text). Without the token they respond like routes that do not exist.
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
      return invalidInput((error as Error).message);
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
