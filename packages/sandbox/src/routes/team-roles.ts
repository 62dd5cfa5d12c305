import { isObject } from '@vastai-cli/permissions/json/json-object';
import { invalidTeamInput, notFound } from '../api-errors.js';
import type { Call, Handlers } from '../call.js';
import type { TeamRole } from '../team-roles.js';

/** Handles team roles. The path of a role takes its id or its name. */
export const teamRoleRoutes: Handlers = {
  'team_role.create': ({ state, user, body }) => {
    const wrong = wrongName(body.name) ?? wrongPermissions(body.permissions);
    if (wrong) return wrong;
    const name = body.name as string;
    if (state.roles.of(user.id).some((role) => role.name === name)) {
      return invalidTeamInput('A role with this name already exists.');
    }
    state.roles.add(user.id, name, body.permissions as object);
    return Response.json({ msg: 'success' });
  },

  'team_role.list': ({ state, user }) => Response.json(state.roles.of(user.id)),

  'team_role.names': ({ state, user }) => Response.json(state.roles.of(user.id).map((role) => role.name)),

  'team_role.show': (call) => {
    const role = namedRole(call);
    return role ? Response.json(role) : notFound('Role not found.');
  },

  'team_role.update': (call) => {
    const role = namedRole(call);
    if (!role) return notFound('Role not found.');
    const { name = role.name, permissions = role.permissions } = call.body;
    const wrong = wrongName(name) ?? wrongPermissions(permissions);
    if (wrong) return wrong;
    call.state.roles.replace(call.user.id, {
      ...role,
      name: name as string,
      permissions: permissions as object,
    });
    return Response.json({ msg: 'success' });
  },

  'team_role.remove': (call) => {
    const role = namedRole(call);
    if (!role) return notFound('Role not found.');
    call.state.roles.remove(call.user.id, role.id);
    return Response.json({ status: 'success', message: 'Role removed from team' });
  },
};

function namedRole({ state, user, path }: Call): TeamRole | undefined {
  return state.roles.find(user.id, path.id ?? '');
}

function wrongName(name: unknown): Response | undefined {
  return typeof name === 'string' && name.length >= 2 && name.length <= 50
    ? undefined
    : invalidTeamInput('name must have 2 to 50 characters.');
}

function wrongPermissions(permissions: unknown): Response | undefined {
  return isObject(permissions) ? undefined : invalidTeamInput('permissions must be an object.');
}
