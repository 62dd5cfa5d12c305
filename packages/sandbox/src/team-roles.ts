/** A team role as `GET /team/roles-full/` shows it. */
export interface TeamRole {
  readonly id: number;
  readonly name: string;
  readonly identifier: string;
  readonly permissions: object;
}

/** Keeps the roles of each account that can have members: a team, or a user's own. */
export class TeamRoles {
  readonly #roles = new Map<number, TeamRole[]>();
  #nextId = 1;

  of(accountId: number): readonly TeamRole[] {
    return this.#roles.get(accountId) ?? [];
  }

  /** Finds a role by its id or its name, since the routes take both. */
  find(accountId: number, idOrName: string): TeamRole | undefined {
    const roles = this.of(accountId);
    return roles.find((role) => String(role.id) === idOrName) ?? roles.find((role) => role.name === idOrName);
  }

  add(accountId: number, name: string, permissions: object): number {
    const id = this.#nextId++;
    this.#roles.set(accountId, [...this.of(accountId), { id, name, identifier: `role_${id}`, permissions }]);
    return id;
  }

  replace(accountId: number, role: TeamRole): void {
    this.#roles.set(
      accountId,
      this.of(accountId).map((old) => (old.id === role.id ? role : old)),
    );
  }

  remove(accountId: number, id: number): void {
    this.#roles.set(
      accountId,
      this.of(accountId).filter((role) => role.id !== id),
    );
  }
}
