import { isObject } from '@vastai-cli/permissions/json/json-object';
import { invalidTeamInput, notFound } from '../api-errors.js';
import type { Call, Handlers } from '../call.js';
import type { TeamRole } from '../team-roles.js';
import { accountOf, membersOf } from './teams.js';

/** Handles team roles. The path of a role takes its id or its name. */
export const teamRoleRoutes: Handlers = {
  'team_role.create': (call) => {
    const { state, body } = call;
    const wrong = wrongName(body.name) ?? wrongPermissions(body.permissions);
    if (wrong) return wrong;
    const name = body.name as string;
    if (state.roles.of(accountOf(call)).some((role) => role.name === name)) {
      return invalidTeamInput('A role with this name already exists.');
    }
    state.roles.add(accountOf(call), name, body.permissions as object);
    return Response.json({ msg: 'success' });
  },

  'team_role.list': (call) => Response.json(call.state.roles.of(accountOf(call))),

  'team_role.names': (call) => Response.json(call.state.roles.of(accountOf(call)).map((role) => role.name)),

  'team_role.show': (call) => {
    const role = namedRole(call);
    return role ? Response.json(role) : notFound('Role not found.');
  },

  'team_role.update': (call) => {
    const role = namedRole(call);
    if (!role) return notFound('Role not found.');
    // A role keeps nothing that the body leaves out.
    const { name, permissions } = call.body;
    const wrong = wrongName(name) ?? wrongPermissions(permissions);
    if (wrong) return wrong;
    const account = accountOf(call);
    call.state.roles.replace(account, { ...role, name: name as string, permissions: permissions as object });
    call.state.teams.renameRole(account, role.name, name as string);
    return Response.json(`Successfully Updated Team Role For ${name as string}`);
  },

  'team_role.remove': (call) => {
    const role = namedRole(call);
    if (!role) return notFound('Role not found.');
    if (membersOf(call).some(({ roles }) => roles.includes(role.name)))
      return invalidTeamInput('This role is assigned to members of the team.');
    call.state.roles.remove(accountOf(call), role.id);
    return Response.json({ status: 'success', message: 'Role removed from team' });
  },
};

function namedRole(call: Call): TeamRole | undefined {
  return call.state.roles.find(accountOf(call), call.path.id ?? '');
}

function wrongName(name: unknown): Response | undefined {
  return typeof name === 'string' && name.length >= 2 && name.length <= 50
    ? undefined
    : invalidTeamInput('name must have 2 to 50 characters.');
}

function wrongPermissions(permissions: unknown): Response | undefined {
  return isObject(permissions) ? undefined : invalidTeamInput('permissions must be an object.');
}
