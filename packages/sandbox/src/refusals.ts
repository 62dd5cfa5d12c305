import type { Answers } from './answers.js';

/** Every answer here has the body that Vast.ai's API documentation or its Python CLI knows. */
function refusal(status: number, error: string, msg: string): Response {
  return Response.json({ success: false, error, msg }, { status });
}

/** There was no usable Authorization header. */
export function loginRequired(): Response {
  return refusal(403, 'auth_error', 'This action requires login.');
}

/** The key is unknown or revoked. */
export function invalidKey(answers: Answers): Response {
  return refusal(answers.unknownKey, 'auth_error', 'Invalid user key');
}

/** The account wants a two-factor session, and the call has none. */
export function twoFactorNeeded(form: 'session_expired' | 'required'): Response {
  return form === 'session_expired'
    ? refusal(404, 'auth_error', 'Session expired. Please log in again.')
    : refusal(401, 'auth_error', 'This action requires Two Factor Authentication.');
}

/** The key is good, but its permission document does not grant the operation. */
export function notPermitted(answers: Answers): Response {
  return refusal(
    answers.lackingPermission,
    'auth_error',
    'This key lacks authorization: it does not have the privileges for this endpoint.',
  );
}

/** The thing exists and belongs to someone else. */
export function anotherUsers(answers: Answers): Response {
  return refusal(answers.anotherUsers, 'auth_error', 'Not authorized: this belongs to another user.');
}

/** Nothing is there; the body has no `auth_error`, which is what tells it from a bad key. */
export function notFound(msg: string): Response {
  return refusal(404, 'not_found', msg);
}

/** The input is wrong. */
export function badInput(msg: string): Response {
  return refusal(400, 'invalid_args', msg);
}

/** The input is wrong, told in `message` as the team routes do. */
export function badTeamInput(message: string): Response {
  return Response.json({ success: false, error: 'invalid_args', message }, { status: 400 });
}

/** The action failed although the status says 200. */
export function failed(msg: string): Response {
  return refusal(200, 'failed', msg);
}

/** Calls of one route came closer together than `threshold` seconds. No Retry-After, as on the real one. */
export function tooFrequent(answers: Answers, threshold: number): Response {
  const seconds = Number.isInteger(threshold) ? threshold.toFixed(1) : String(threshold);
  return answers.tooFrequent === 'text'
    ? new Response(`API requests too frequent: endpoint threshold=${seconds}`, {
        status: 429,
        headers: { 'content-type': 'text/plain; charset=utf-8' },
      })
    : Response.json({ detail: `API requests too frequent endpoint threshold=${seconds}` }, { status: 429 });
}
