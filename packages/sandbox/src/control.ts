import type { HttpBindings } from '@hono/node-server';
import { isObject } from '@vastai-cli/permissions/json/json-object';
import { Hono } from 'hono';
import type { User } from './accounts.js';
import { invalidInput, notFound } from './api-errors.js';
import { parseJson, readBody } from './body.js';
import { parseFaultInput } from './fault-input.js';
import type { State } from './state.js';
import type { NewTfaMethod } from './two-factor/two-factor.js';
import { twoFactorControl } from './two-factor/two-factor-control.js';

/** Opens the control routes. No client of the API sends this header by accident. */
const CONTROL_HEADER = 'x-sandbox-token';

/**
 * Returns the routes that control a sandbox from another process: `POST /faults`, `DELETE /faults` and
 * `GET /requests` (the log as lines of text), `GET /clock` and `POST /clock` (its time, and moving it forward), `GET /messages`
 * (the codes that were sent) and `POST /two-factor` (adding a method to the first user). Without the token they respond like routes that do not exist.
 */
export function controlRoutes(state: State, token: string): Hono<{ Bindings: HttpBindings }> {
  const twoFactor = twoFactorControl(state, (state.accounts.users()[0] as User).id);
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
  routes.get('/clock', () => Response.json({ now: state.clock.now() }));
  routes.post('/clock', async (c) => {
    try {
      const { seconds } = requireObject(parseJson((await readBody(c.env.incoming)) ?? ''));
      state.clock.advance(seconds as number);
    } catch (error) {
      return invalidInput((error as Error).message);
    }
    return Response.json({ success: true, now: state.clock.now() });
  });
  routes.get('/messages', () => Response.json(state.twoFactor.challenges.messages));
  routes.post('/two-factor', async (c) => {
    try {
      const input = requireObject(parseJson((await readBody(c.env.incoming)) ?? ''));
      const { id, secret } = twoFactor.add(parseNewMethod(input));
      return Response.json({ success: true, id, secret, backup_codes: twoFactor.backupCodes() });
    } catch (error) {
      return invalidInput((error as Error).message);
    }
  });
  routes.get('/requests', () => Response.json(state.log.records.map((record) => state.log.print(record))));
  return routes;
}

function requireObject(input: unknown): Readonly<Record<string, unknown>> {
  if (isObject(input)) return input;
  throw new Error('Send a JSON object.');
}

/** Checks a body and returns the method that it asks for. @throws Error that names the part that is wrong */
function parseNewMethod({ method, ...given }: Readonly<Record<string, unknown>>): NewTfaMethod {
  if (method !== 'totp' && method !== 'sms') throw new Error('"method" must be "totp" or "sms".');
  for (const [name, value] of Object.entries(given)) {
    if (!['phoneNumber', 'label'].includes(name) || typeof value !== 'string')
      throw new Error(`"${name}" is not valid for a method.`);
  }
  return { method, ...given };
}
