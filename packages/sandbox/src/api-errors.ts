import type { Quirks } from './quirks.js';

// Vast.ai's API documentation or its Python CLI knows every body below.

function apiError(status: number, error: string, msg: string): Response {
  return Response.json({ success: false, error, msg }, { status });
}

/** Rejects a request without a usable Authorization header. */
export function loginRequired(): Response {
  return apiError(403, 'auth_error', 'This action requires login.');
}

/** Rejects a key that is unknown or revoked. */
export function invalidKey(quirks: Quirks): Response {
  return apiError(quirks.unknownKey, 'auth_error', 'Invalid user key');
}

/** Rejects a request without a two-factor session, which the account requires. */
export function twoFactorRequired(form: 'session_expired' | 'required'): Response {
  return form === 'session_expired'
    ? apiError(404, 'auth_error', 'Session expired. Please log in again.')
    : apiError(401, 'auth_error', 'This action requires Two Factor Authentication.');
}

/** Rejects a valid key whose permission document does not grant the operation. */
export function notPermitted(quirks: Quirks): Response {
  return apiError(
    quirks.lackingPermission,
    'auth_error',
    'This key lacks authorization: it does not have the privileges for this endpoint.',
  );
}

/** Denies access to something that belongs to another user. */
export function ofAnotherUser(quirks: Quirks): Response {
  return apiError(quirks.anotherUsers, 'auth_error', 'Not authorized: this belongs to another user.');
}

/** Reports that nothing is there. The body has no `auth_error`, which tells it apart from an invalid key. */
export function notFound(msg: string): Response {
  return apiError(404, 'not_found', msg);
}

/** Rejects invalid input. */
export function invalidInput(msg: string): Response {
  return apiError(400, 'invalid_args', msg);
}

/** Rejects invalid input in a field called `message`, as the team routes do. */
export function invalidTeamInput(message: string): Response {
  return Response.json({ success: false, error: 'invalid_args', message }, { status: 400 });
}

/** Reports with status 200 that the action failed. */
export function failed(msg: string): Response {
  return apiError(200, 'failed', msg);
}

/** Rejects a request less than `threshold` seconds after the last one. Like the real API, it sends no Retry-After. */
export function tooFrequent(quirks: Quirks, threshold: number): Response {
  const seconds = Number.isInteger(threshold) ? threshold.toFixed(1) : String(threshold);
  return quirks.tooFrequent === 'text'
    ? new Response(`API requests too frequent: endpoint threshold=${seconds}`, {
        status: 429,
        headers: { 'content-type': 'text/plain; charset=utf-8' },
      })
    : Response.json({ detail: `API requests too frequent endpoint threshold=${seconds}` }, { status: 429 });
}
