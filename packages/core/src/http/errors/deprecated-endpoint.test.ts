import { describe, expect, it } from 'vitest';
import { parseApiError } from './response-error.js';

function read(status: number, body: object, path = '/api/v0/instances/') {
  return parseApiError(status, body, { request: { method: 'GET', path }, source: 'VAST_API_KEY …a1b2' });
}

describe('a route that is switched off', () => {
  it.each([
    'This endpoint is deprecated. Use /api/v1/instances/ instead.',
    'GET /api/v0/instances/ is deprecated, please use: GET /api/v1/instances/.',
    '/api/v0/instances/ has moved to `/api/v1/instances/`.',
  ])('names the route that replaces it: %s', (msg) => {
    for (const status of [410, 400, 404, 200]) {
      const error = read(status, { error: 'deprecated_endpoint', msg });
      expect(error).toMatchObject({
        code: 'api_error',
        status,
        switchedOff: { replacement: '/api/v1/instances/' },
        message: expect.stringContaining(
          'has switched off GET /api/v0/instances/. /api/v1/instances/ replaces',
        ),
      });
      expect(error?.hint).toContain('update vastai');
    }
  });

  it('names none that the API does not name', () => {
    for (const body of [{}, { msg: 'Gone.' }, { msg: '/api/v0/instances/ is gone.' }]) {
      const error = read(410, { error: 'deprecated_endpoint', ...body });
      expect(error).toMatchObject({ code: 'api_error', switchedOff: {} });
      expect(error?.message).not.toContain('replaces');
    }
  });

  it('shows nothing of the response that could control a terminal', () => {
    const error = read(410, { error: 'deprecated_endpoint', msg: 'Use /api/\u001b[2Jv1/x\u202e/ instead' });
    expect(error?.message).not.toMatch(/[\u001b\u202e]/u);
  });

  it('is still a failure of the server with a status that says so', () => {
    expect(read(503, { error: 'deprecated_endpoint' })).toMatchObject({ code: 'unreachable' });
  });
});
