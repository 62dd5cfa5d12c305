/** A team, which is an account of its own. */
export interface Team {
  readonly id: number;
  readonly name: string;
  readonly ownerId: number;
}

/** A member as `GET /team/members/` shows it. */
export interface TeamMember {
  readonly id: number;
  readonly username: string;
  readonly email: string;
  readonly fullname: string | null;
  /** The names of the member's roles. */
  readonly roles: readonly string[];
}

/** A member to add. Without an id, it gets the next one. */
export type NewMember = Omit<TeamMember, 'id'> & { readonly id?: number | undefined };

const FIRST_TEAM_ID = 900_001;
const FIRST_MEMBER_ID = 200_001;

/**
 * Keeps teams and their members. Members are kept by the account that they belong to: the id of a team, or of a user, whose
 * account can have members too.
 */
export class Teams {
  readonly #teams = new Map<number, Team>();
  readonly #members = new Map<number, readonly TeamMember[]>();
  #nextTeamId = FIRST_TEAM_ID;
  #nextMemberId = FIRST_MEMBER_ID;

  create(name: string, owner: Omit<TeamMember, 'roles'>): Team {
    const team = { id: this.#nextTeamId++, name, ownerId: owner.id };
    this.#teams.set(team.id, team);
    this.#members.set(team.id, [{ ...owner, roles: ['owner'] }]);
    return team;
  }

  find(id: number | null): Team | undefined {
    return id === null ? undefined : this.#teams.get(id);
  }

  destroy(id: number): void {
    this.#teams.delete(id);
    this.#members.delete(id);
  }

  membersOf(accountId: number): readonly TeamMember[] {
    return this.#members.get(accountId) ?? [];
  }

  addMember(accountId: number, { id, ...member }: NewMember): TeamMember {
    const added = { id: id ?? this.#nextMemberId++, ...member };
    this.#members.set(accountId, [...this.membersOf(accountId), added]);
    return added;
  }

  removeMember(accountId: number, id: number): void {
    this.#members.set(
      accountId,
      this.membersOf(accountId).filter((member) => member.id !== id),
    );
  }

  /** Gives a role another name for everyone who holds it. */
  renameRole(accountId: number, from: string, to: string): void {
    const renamed = (role: string) => (role === from ? to : role);
    this.#members.set(
      accountId,
      this.membersOf(accountId).map((member) => ({ ...member, roles: member.roles.map(renamed) })),
    );
  }
}
