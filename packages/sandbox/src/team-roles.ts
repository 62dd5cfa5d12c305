/** A team role as `GET /team/roles-full/` shows it. */
export interface TeamRole {
  readonly id: number;
  readonly name: string;
  readonly identifier: string;
  readonly permissions: object;
}

/** Keeps the roles of each user's team. */
export class TeamRoles {
  readonly #roles = new Map<number, TeamRole[]>();
  #nextId = 1;

  of(userId: number): readonly TeamRole[] {
    return this.#roles.get(userId) ?? [];
  }

  /** Finds a role by its id or its name, since the routes take both. */
  find(userId: number, idOrName: string): TeamRole | undefined {
    const roles = this.of(userId);
    return roles.find((role) => String(role.id) === idOrName) ?? roles.find((role) => role.name === idOrName);
  }

  add(userId: number, name: string, permissions: object): void {
    const id = this.#nextId++;
    this.#roles.set(userId, [...this.of(userId), { id, name, identifier: `role_${id}`, permissions }]);
  }

  replace(userId: number, role: TeamRole): void {
    this.#roles.set(
      userId,
      this.of(userId).map((old) => (old.id === role.id ? role : old)),
    );
  }

  remove(userId: number, id: number): void {
    this.#roles.set(
      userId,
      this.of(userId).filter((role) => role.id !== id),
    );
  }
}
