import { describe, expect, it } from 'vitest';
import { ApiError, TransportError } from '../../base/errors.js';
import { parseApiError, responseMessage } from './response-error.js';

const SOURCE = 'VAST_API_KEY …a1b2';

function read(status: number, response: unknown, method = 'GET') {
  return parseApiError(status, response, { request: { method, path: '/api/v0/x/' }, source: SOURCE });
}

const refusal = (msg: string, error = 'error') => ({ success: false, error, msg });

describe('parseApiError', () => {
  it.each([
    // An unknown or revoked key, in every documented form.
    [404, refusal('Invalid user key', 'auth_error'), 'key_rejected'],
    [401, refusal('Invalid user key', 'auth_error'), 'key_rejected'],
    [403, refusal('This action requires login.', 'auth_error'), 'key_rejected'],
    [200, refusal('Invalid user key', 'auth_error'), 'key_rejected'],
    [404, refusal('Something new', 'auth_error'), 'key_rejected'],
    [401, refusal('Something new'), 'key_rejected'],
    [401, refusal('Unauthorized', 'unauthorized'), 'key_rejected'],
    [401, refusal('Unauthorized access', 'unauthorized'), 'key_rejected'],
    [401, refusal('Invalid or missing API key', 'unauthorized'), 'key_rejected'],
    // The key lacks the permission.
    [401, refusal('You are not authorized to do that.'), 'forbidden'],
    [401, refusal('Missing privileges for this endpoint'), 'forbidden'],
    [401, refusal('You cannot delete another user’s key.'), 'forbidden'],
    [403, refusal('Not authorised', 'auth_error'), 'forbidden'],
    [403, { msg: 'You do not have permission to access this key.' }, 'forbidden'],
    [200, refusal('You do not have the required permission.'), 'forbidden'],
    // The two-factor session.
    [404, refusal('Session expired. Please log in again.'), 'two_factor'],
    [401, refusal('Session expired. Please log in again.', 'auth_error'), 'two_factor'],
    [401, refusal('Two Factor Authentication is required'), 'two_factor'],
    // Not found.
    [404, { msg: 'API Key not found.' }, 'not_found'],
    [404, { success: false, error: 'not_found', message: 'no such thing' }, 'not_found'],
    [200, refusal('API Key not found.'), 'not_found'],
    // Rate limits.
    [429, 'API requests too frequent: endpoint threshold=2.0', 'rate_limited'],
    [429, { detail: 'API requests too frequent endpoint threshold=2.0' }, 'rate_limited'],
    [429, '', 'rate_limited'],
    [429, '<html>Slow down</html>', 'rate_limited'],
    [200, refusal('API requests too frequent endpoint threshold=2.0'), 'rate_limited'],
    // Routes that are switched off.
    [410, { error: 'deprecated_endpoint', msg: 'Use /api/v1/instances/ instead.' }, 'api_error'],
    [400, { error: 'deprecated_endpoint', msg: 'Use /api/v1/instances/ instead.' }, 'api_error'],
    [404, { success: false, error: 'deprecated_endpoint' }, 'api_error'],
    [403, refusal('Not authorized. Use /api/v1/instances/.', 'deprecated_endpoint'), 'api_error'],
    [200, { error: 'deprecated_endpoint', msg: 'Gone.' }, 'api_error'],
    // The rest.
    [400, refusal('You cannot delete your primary key.'), 'api_error'],
    [400, refusal('Invalid permissions'), 'api_error'],
    [400, refusal('Session expired'), 'api_error'],
    [200, refusal('It did not work.'), 'api_error'],
    [200, refusal('The permissions are not valid.'), 'api_error'],
    [200, { success: false }, 'api_error'],
    [400, { success: false, error: 'invalid_args', message: 'Bad.' }, 'api_error'],
    [404, { error: 'auth_error' }, 'key_rejected'],
    [401, { success: false }, 'key_rejected'],
  ])('reads %i %j as %s', (status, response, code) => {
    const error = read(status, response);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({
      code,
      status,
      source: SOURCE,
      request: { method: 'GET', path: '/api/v0/x/' },
    });
  });

  it.each([
    [200, { id: 1 }],
    [200, { success: true }],
    [200, 'Successfully Deleted API Key'],
    [200, []],
    [200, null],
    [201, { error: null }],
    [204, ''],
  ])('does not take %i %j for an error', (status, response) => {
    expect(read(status, response)).toBeUndefined();
  });

  describe.each([400, 401, 403, 404, 405, 407, 410, 418, 422, 451, 499])('a response with %i', (status) => {
    it.each([
      ['nothing', ''],
      ['white space', ' \n'],
      ['text', 'Forbidden'],
      ['text that speaks of the key', 'Invalid user key'],
      ['a page', '<!doctype html><title>Blocked</title>Two-factor authentication, permission'],
      ['half of an error', '{"success":false,"error":"auth_error","msg":"Invalid'],
      ['null', null],
      ['a number', 403],
      ['true', true],
      ['a list', []],
      ['a list of errors', [{ msg: 'Invalid user key', success: false }]],
      ['an empty object', {}],
      ["AWS's error", { message: 'Forbidden' }],
      ["AWS's other error", { Message: 'User is not authorized to access this resource' }],
      ["FastAPI's error", { detail: 'Not authenticated' }],
      ["Cloudflare's error", { errors: [{ code: 1020 }] }],
      [
        "Cloudflare's other error",
        { success: false, errors: [{ code: 10000, message: 'Authentication error' }] },
      ],
      [
        "Spring's error",
        { timestamp: 1, status: 403, error: 'Forbidden', message: 'Invalid user key', path: '/' },
      ],
      ["OAuth's error", { error: 'invalid_token', error_description: 'Invalid API key' }],
      ["Google's error", { error: { code: 403, message: 'Permission denied', status: 'PERMISSION_DENIED' } }],
      ["Kubernetes' error", { kind: 'Status', status: 'Failure', message: 'forbidden', reason: 'Forbidden' }],
      ['msg that is no text', { msg: { text: 'Invalid user key' } }],
      ['success', { success: true, message: 'Invalid user key' }],
      ['the word false', { success: 'false', message: 'Invalid user key' }],
    ])('and %s proves nothing', (_, response) => {
      for (const method of ['GET', 'DELETE']) {
        expect(read(status, response, method)).toMatchObject({
          code: 'unreachable',
          status,
          outcomeUnknown: method !== 'GET',
          message: expect.stringContaining('proxy or web filter in between'),
        });
      }
    });
  });

  it.each([500, 502, 503, 504, 599])('takes %i for a server error, whatever the body says', (status) => {
    for (const response of ['', refusal('Invalid user key', 'auth_error')]) {
      const error = read(status, response);
      expect(error).toBeInstanceOf(TransportError);
      expect(error).toMatchObject({ code: 'unreachable', status, outcomeUnknown: false });
    }
    expect(read(status, '', 'POST')).toMatchObject({ outcomeUnknown: true });
  });

  it.each([300, 304, 600, 999])('takes %i for an unexpected status', (status) => {
    expect(read(status, '')).toMatchObject({ code: 'unreachable', status });
  });

  it('names the key that was sent and repeats what the API said, cleaned', () => {
    const error = read(404, refusal('\u001b[2JInvalid\n user \u202ekey', 'auth_error'));
    expect(error?.message).toBe(
      `The API rejected the key that was sent (${SOURCE}). It said: “Invalid user key”`,
    );
    expect(error?.advice).toContainEqual({ do: 'make-key' });
  });

  it('cuts a long message', () => {
    expect(read(400, { msg: 'x'.repeat(5000) })?.message.length).toBeLessThan(400);
  });
});

describe('responseMessage', () => {
  it('finds the words under each documented name', () => {
    expect(responseMessage({ msg: 'a', message: 'b' })).toBe('a');
    expect(responseMessage({ msg: '', message: 'b' })).toBe('b');
    expect(responseMessage({ detail: 'c' })).toBe('c');
    expect(responseMessage({ error: 'd' })).toBe('d');
    expect(responseMessage('plain')).toBe('plain');
  });

  it('leaves pages and odd types out', () => {
    for (const response of [
      '<html>',
      ' <!doctype html>',
      { msg: 5 },
      { msg: { a: 1 } },
      null,
      7,
      [],
      JSON.parse('{"__proto__":{"msg":"x"}}'),
    ]) {
      expect(responseMessage(response)).toBe('');
    }
  });
});
