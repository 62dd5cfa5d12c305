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
    Response.json({
      ...user,
      tfa_status: state.twoFactor.statusOf(user.id),
      key_id: key.id,
      api_key: state.accounts.valueOf(key.id),
    }),

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

  'audit_log.list': ({ state, user, query }) => {
    const rows = state.audit.rowsOf(user.id);
    if (state.quirks.auditLog === 'array') return Response.json(rows);
    const start = state.quirks.auditLog === 'pages' ? startOf(query.get('after_token')) : 0;
    if (start === undefined) return invalidInput('after_token is not valid.');
    const end = start + AUDIT_PAGE;
    return Response.json({
      audit_logs: rows.slice(start, end),
      ...(end < rows.length ? { next_token: tokenFor(end) } : {}),
    });
  },
};

/** The number of rows on a page of the audit log. */
const AUDIT_PAGE = 100;

function tokenFor(start: number): string {
  return Buffer.from(`audit:${start}`).toString('base64');
}

/** Returns where a page starts; undefined for a token that no page had. */
function startOf(token: string | null): number | undefined {
  if (token === null) return 0;
  const start = /^audit:([1-9]\d{0,8})$/u.exec(Buffer.from(token, 'base64').toString())?.[1];
  return start === undefined ? undefined : Number(start);
}
