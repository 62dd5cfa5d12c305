/** One row of `GET /audit_logs/`. */
export interface AuditRow {
  readonly ip_address: string;
  readonly api_key_id: number;
  /** Seconds since 1970. */
  readonly created_at: number;
  readonly api_route: string;
  /** The request's body as JSON. */
  readonly args: string;
}

/** Records for each user which key changed what, and from where. */
export class AuditLog {
  readonly #rows = new Map<number, AuditRow[]>();

  add(userId: number, row: AuditRow): void {
    const rows = this.#rows.get(userId);
    if (rows) rows.push(row);
    else this.#rows.set(userId, [row]);
  }

  /** Returns the rows of a user, newest first. */
  rowsOf(userId: number): AuditRow[] {
    return [...(this.#rows.get(userId) ?? [])].reverse();
  }
}
