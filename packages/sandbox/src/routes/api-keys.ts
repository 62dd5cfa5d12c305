import { isObject } from '@vastai-cli/permissions/json/json-object';
import type { KeyInfo } from '../accounts.js';
import { invalidInput, notFound, ofAnotherUser } from '../api-errors.js';
import type { Call, Handlers } from '../call.js';
import type { Quirks } from '../quirks.js';
import type { State } from '../state.js';

/** Handles the routes under `/auth/apikeys/` and the reset as Vast.ai's API documentation describes them. */
export const apiKeyRoutes: Handlers = {
  'apikey.create': ({ state, user, key: caller, body }) => {
    const { name, permissions, key_params: keyParams } = body;
    // The Python CLI sends null for a name that was not given, and a string as key_params.
    if (name !== undefined && name !== null && typeof name !== 'string')
      return invalidInput('name must be a string.');
    if (permissions !== undefined && permissions !== null && !isObject(permissions)) {
      return invalidInput('permissions must be an object.');
    }
    const key = state.accounts.addKey({
      userId: user.id,
      name: name ?? null,
      kind: 'user',
      permissions: permissionsOf(state.quirks.newPermissions, permissions ?? undefined),
      keyParams,
      teamId: caller.teamId,
    });
    const made = { success: true, id: key.id, key: state.accounts.valueOf(key.id) };
    if (state.quirks.newPermissions === 'absent') return Response.json(made);
    return Response.json({ ...made, permissions: key.permissions ?? false });
  },

  'apikey.list': ({ state, user }) => {
    const keys = state.accounts.keys().filter((key) => key.userId === user.id && !key.revoked);
    return Response.json({ apikeys: keys.map((key) => keyRow(key, state)) });
  },

  'apikey.show': (call) => {
    const { showKey } = call.state.quirks;
    if (typeof showKey === 'number') {
      return Response.json({ success: false, error: 'gone', msg: 'No such endpoint.' }, { status: showKey });
    }
    const key = ownKey(call);
    if (key instanceof Response) return key;
    return Response.json(showKey === 'value' ? call.state.accounts.valueOf(key.id) : keyRow(key, call.state));
  },

  'apikey.delete': (call) => {
    const key = ownKey(call);
    if (key instanceof Response) return key;
    if (key.kind === 'primary') return invalidInput('You cannot delete your primary key.');
    if (key.kind === 'system') return invalidInput('Only user-created API keys can be deleted.');
    call.state.accounts.revoke(key.id);
    return Response.json('Successfully Deleted API Key');
  },

  'apikey.reset': ({ state, key, body }) => {
    if (body.client_id !== 'me') return invalidInput('client_id must be "me".');
    const value = state.accounts.renew(key.id);
    return Response.json(
      state.quirks.resetKey === 'key' ? { sent: true, key: value } : { success: true, new_api_key: value },
    );
  },
};

function permissionsOf(quirk: Quirks['newPermissions'], requested: object | undefined): object | undefined {
  if (typeof quirk === 'object') return quirk;
  return quirk === 'requested' ? requested : undefined;
}

/** Finds the caller's own live key that the path names; an API error if there is none. */
function ownKey({ state, user, path }: Call): KeyInfo | Response {
  const id = path.id ?? '';
  const key = /^[1-9]\d{0,14}$/u.test(id) ? state.accounts.key(Number(id)) : undefined;
  if (!key || key.revoked) return notFound('API Key not found.');
  return key.userId === user.id ? key : ofAnotherUser(state.quirks);
}

/** Returns a key as the list shows it. A primary key without a team has no team fields, since the real API leaves fields out too. */
function keyRow(key: KeyInfo, { teams }: State): Record<string, unknown> {
  return {
    id: key.id,
    user_id: key.userId,
    name: key.name,
    key: null,
    key_type: key.kind,
    rights: key.permissions === undefined ? 'full' : 'scoped',
    permissions: key.permissions ?? false,
    ...(key.kind === 'primary' && key.teamId === null
      ? {}
      : { team_id: key.teamId, team_name: teams.find(key.teamId)?.name ?? null }),
    created_at: key.createdAt,
  };
}
