import { failed, invalidInput, ofAnotherUser } from '../api-errors.js';
import type { Handlers } from '../call.js';

const READ_ONLY_FIELDS: readonly string[] = [
  'id',
  'api_key',
  'balance',
  'created_at',
  'credit',
  'key_id',
  'parent_id',
];

/** Handles the routes of the account itself. */
export const userRoutes: Handlers = {
  // The real response can contain the key too. It is the caller's own, so nobody gains rights by it.
  'user.show': ({ state, user, key }) =>
    Response.json({ ...user, key_id: key.id, api_key: state.accounts.valueOf(key.id) }),

  'user.set': ({ state, user, body }) => {
    const fixed = Object.keys(body).find((field) => READ_ONLY_FIELDS.includes(field));
    if (fixed !== undefined) return invalidInput(`${fixed} cannot be changed.`);
    const taken = state.accounts.users().some((other) => other.id !== user.id && other.email === body.email);
    if (taken) return failed('This email address is already in use.');
    state.accounts.updateUser(user.id, body);
    return Response.json({ success: true });
  },

  'subaccount.list': ({ state, user }) =>
    Response.json({ users: state.accounts.users().filter((other) => other.parent_id === user.id) }),

  'user.ipaddrs': ({ state, user, path }) => {
    if (path.user_id !== 'me' && path.user_id !== String(user.id)) return ofAnotherUser(state.quirks);
    return Response.json({
      results: [{ ip: '127.0.0.1', first_seen: user.created_at, first_location: 'loopback' }],
    });
  },

  'audit_log.list': ({ state, user }) => Response.json(state.audit.rowsOf(user.id)),
};
