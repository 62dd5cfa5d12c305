import { notFound } from '../api-errors.js';
import type { Handlers } from '../call.js';

/** Handles the list of login sessions. No source documents it, so the fields are those that sessions elsewhere have. */
export const sessionRoutes: Handlers = {
  'session.list': ({ state, user }) =>
    Response.json(
      state.sessions.of(user.id).map(({ id, keyId, createdAt, expiresAt }) => ({
        id,
        api_key_id: keyId,
        created_at: createdAt,
        expires_at: expiresAt,
      })),
    ),

  // Without an id, every session ends.
  'session.revoke': ({ state, user, body }) => {
    const sessions = state.sessions.of(user.id);
    const ending = body.id === undefined ? sessions : sessions.filter(({ id }) => id === body.id);
    if (ending.length === 0 && body.id !== undefined) return notFound('Session not found.');
    for (const { id } of ending) state.sessions.end(id);
    return Response.json({ success: true });
  },
};
