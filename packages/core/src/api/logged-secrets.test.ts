import { describe, expect, it } from 'vitest';
import { withoutLoggedSecrets } from './logged-secrets.js';

const row = (args: unknown, api_route = '/x/') => ({ api_key_id: 1, api_route, args });

describe('a log without secrets', () => {
  it('is returned unchanged', () => {
    const rows = [row('{"name":"ci"}'), row({ id: 5 }), row('not JSON'), row(null), 'x', null];
    const clean = withoutLoggedSecrets(rows);
    expect(clean.every((one, at) => one === rows[at])).toBe(true);
  });

  it('has no secret fields in its arguments, whether they are text or not', () => {
    expect(
      withoutLoggedSecrets([
        row('{"name":"ci","api_key":"s3cret","deep":[{"password":"s3cret"}]}'),
        row({ id: 5, session_key: 's3cret' }),
        row('{"name":"other"}'),
      ]),
    ).toEqual([row('{"name":"ci","deep":[{}]}'), row({ id: 5 }), row('{"name":"other"}')]);
  });

  it('has no key in the query of a route', () => {
    expect(withoutLoggedSecrets([row('{}', '/api/v0/asks/5/?api_key=s3cret&id=7')])).toEqual([
      row('{}', '/api/v0/asks/5/?api_key=…&id=7'),
    ]);
  });
});
