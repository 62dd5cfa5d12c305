import type { User } from '../accounts.js';
import { invalidTeamInput, notFound } from '../api-errors.js';
import type { Call, Handlers } from '../call.js';
import type { TeamMember } from '../teams.js';

/** The roles that every new team has. */
const FIRST_ROLES: Readonly<Record<string, object>> = {
  owner: { api: { user_read: {}, user_write: {}, team_read: {}, team_write: {} } },
  manager: { api: { user_read: {}, team_read: {}, team_write: {} } },
  member: { api: { user_read: {}, team_read: {} } },
};

/** Handles a team, its members and invitations. */
export const teamRoutes: Handlers = {
  // The calling key belongs to the team from then on.
  'team.create': ({ state, user, key, body }) => {
    const { team_name: name } = body;
    if (typeof name !== 'string' || name === '') return invalidTeamInput('team_name must be a string.');
    if (key.teamId !== null) return invalidTeamInput('A team cannot create a team.');
    const team = state.teams.create(name, personOf(user));
    for (const [role, permissions] of Object.entries(FIRST_ROLES))
      state.roles.add(team.id, role, permissions);
    state.accounts.bindToTeam(key.id, team.id);
    return Response.json({ success: true, team_id: team.id });
  },

  'team.destroy': ({ state, key }) => {
    const team = state.teams.find(key.teamId);
    if (!team) return notFound('Team not found.');
    for (const other of state.accounts.keys()) {
      if (other.teamId === team.id && other.id !== key.id) state.accounts.revoke(other.id);
    }
    state.accounts.bindToTeam(key.id, null);
    state.teams.destroy(team.id);
    return Response.json({ success: true, msg: 'Team Successfully Deleted!', pkey_id: key.id });
  },

  'team.members': (call) => {
    const members = membersOf(call);
    return Response.json(call.state.quirks.members === 'array' ? members : { success: true, members });
  },

  // The Python CLI sends both in the query, and Vast.ai's API documentation has them in the body.
  'team.invite': (call) => {
    const email = call.query.get('email') ?? call.body.email;
    const role = call.query.get('role') ?? call.body.role;
    if (typeof email !== 'string' || !/^[^@\s]+@[^@\s]+$/u.test(email))
      return invalidTeamInput('email is not valid.');
    const isRole = call.state.roles.of(accountOf(call)).some(({ name }) => name === role);
    if (!isRole && !(call.key.teamId === null && Object.hasOwn(FIRST_ROLES, String(role))))
      return invalidTeamInput('The team has no such role.');
    if (membersOf(call).some((member) => member.email === email))
      return invalidTeamInput('This user is a member of the team already.');
    return Response.json({ success: true, msg: `New invitation sent to ${email}` });
  },

  'team.remove_member': (call) => {
    const member = membersOf(call).find(({ id }) => String(id) === call.path.id);
    if (!member) return notFound('Member not found.');
    if (member.roles.includes('owner')) return invalidTeamInput('The owner cannot be removed.');
    call.state.teams.removeMember(accountOf(call), member.id);
    return Response.json({ status: 'success', message: 'User removed from the team.' });
  },
};

/** Returns the account that team routes are about: the team of the calling key, or else the user's own. */
export function accountOf({ user, key }: Call): number {
  return key.teamId ?? user.id;
}

/** Returns the members. A user's own account has its user as the owner. */
export function membersOf(call: Call): readonly TeamMember[] {
  const members = call.state.teams.membersOf(accountOf(call));
  return call.key.teamId === null ? [{ ...personOf(call.user), roles: ['owner'] }, ...members] : members;
}

function personOf({ id, email, username, fullname }: User): Omit<TeamMember, 'roles'> {
  return {
    id,
    username: typeof username === 'string' ? username : '',
    email,
    fullname: typeof fullname === 'string' ? fullname : null,
  };
}
