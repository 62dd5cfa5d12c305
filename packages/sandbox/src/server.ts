import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { DOCUMENTED_INTERVALS, type Intervals } from '@vastai-cli/permissions/catalogue/intervals';
import { Accounts, type KeyInfo, type KeyKind, type User } from './accounts.js';
import { createApp } from './app.js';
import { AuditLog, type AuditRow } from './audit-log.js';
import { Clock } from './clock.js';
import { type Fault, Faults } from './faults.js';
import { loopbackAddress } from './loopback.js';
import { defaultQuirks, type Quirks } from './quirks.js';
import { RateLimiter } from './rate-limit.js';
import { RequestLog, type RequestRecord } from './request-log.js';
import { sampleUsers } from './sample-users.js';
import { Sessions } from './sessions.js';
import type { State } from './state.js';
import { TeamRoles } from './team-roles.js';
import { Teams } from './teams.js';
import { TwoFactor } from './two-factor/two-factor.js';
import { type TwoFactorControl, twoFactorControl } from './two-factor/two-factor-control.js';

export interface SandboxOptions {
  /** Port to listen on; 0, the default, takes any free one. */
  readonly port?: number;
  /** localhost (the default), an address in 127.0.0.0/8, or ::1. */
  readonly host?: string;
  /** True for the documented limits, or limits of your own; none by default. */
  readonly rateLimits?: boolean | Intervals;
  /** Chooses among the documented responses; the rest is as in `defaultQuirks`. */
  readonly quirks?: Partial<Quirks>;
  /** Adds users to the two that are always there; `parent_id` makes a subaccount. */
  readonly moreUsers?: readonly User[];
  /** Called for each request once its response is known, with a line that masks every key. */
  readonly onRequest?: (line: string) => void;
}

export interface NewSandboxKey {
  readonly name: string | null;
  /** A permission document; without one the key has full access. */
  readonly permissions?: object;
  /** Printable characters without spaces; 64 random hexadecimal ones if absent. */
  readonly value?: string;
  /** The first user if absent. */
  readonly userId?: number;
  /** `user` if absent. */
  readonly kind?: KeyKind;
  /** Seconds since 1970; now if absent. */
  readonly createdAt?: number;
  /** The team that the key acts for; none if absent. */
  readonly teamId?: number;
}

export interface NewSandboxMember {
  /** From 200001 on if absent. */
  readonly id?: number;
  readonly email: string;
  /** The names of roles. */
  readonly roles: readonly string[];
  readonly username?: string;
  readonly fullname?: string | null;
  /** The team; the account of the first user if absent. */
  readonly teamId?: number;
}

/** A running sandbox. */
export interface Sandbox {
  /** Its origin, such as `http://127.0.0.1:41234`, without a final slash. */
  readonly url: string;
  /** The first user's primary key, with full access, as it was at the start. */
  readonly key: string;
  /** Value of the header `X-Sandbox-Token` for the control routes. */
  readonly controlToken: string;
  /** The requests to the API so far, in order of arrival; at most the newest 10,000. */
  readonly requests: readonly RequestRecord[];
  /** Chooses among the documented responses; can be changed at any time. */
  readonly quirks: Quirks;
  /** The clock of the API, which can be moved forward: codes and sessions expire by it. */
  readonly clock: Clock;
  /** Sets up two-factor login of the first user, and reads the codes that were sent. */
  readonly twoFactor: TwoFactorControl;
  /** Lists the users; `key` belongs to the first. */
  users(): readonly User[];
  /** Lists every key, revoked ones included, without the values. */
  keys(): readonly KeyInfo[];
  /** Adds a key. @throws Error if the value is or was a key already */
  addKey(key: NewSandboxKey): { readonly id: number; readonly value: string };
  /** Adds a role to the account of the first user. Returns its id. */
  addRole(name: string, permissions: object): number;
  /** Adds a member to a team, as if somebody had accepted an invitation. Returns the member's id. */
  addMember(member: NewSandboxMember): number;
  /** Adds rows to the audit log of the first user, the oldest first, as if the calls had been made. */
  addAuditRows(rows: readonly AuditRow[]): void;
  /** Revokes a key. @throws Error if there is no such key */
  revoke(id: number): void;
  /**
   * Makes the next `times` (default 1, `Infinity` for all) requests of a route go wrong.
   *
   * @param route such as `GET /api/v0/users/current/`, `DELETE /api/v0/auth/apikeys/{id}/` or `* /api/*`
   */
  fault(route: string, fault: Fault, times?: number): void;
  clearFaults(): void;
  /** Returns a request as one line, with every key masked. */
  print(record: RequestRecord): string;
  /** Ends every connection and frees the port. */
  close(): Promise<void>;
}

/**
 * Starts a Vast.ai API on a loopback port.
 *
 * @throws Error if the host is not loopback, or the port is not available
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const address = loopbackAddress(options.host ?? 'localhost');
  const closing = new AbortController();
  const state = createState(options, closing.signal);
  const controlToken = randomBytes(16).toString('hex');
  const app = createApp(state, controlToken, (record) => options.onRequest?.(state.log.print(record)));
  const server = createAdaptorServer({ fetch: app.fetch, overrideGlobalObjects: false }) as Server;
  await listen(server, options.port ?? 0, address);

  const first = state.accounts.users()[0] as User;
  const firstKey = state.accounts.keys()[0] as KeyInfo;
  const { port } = server.address() as AddressInfo;
  let closed: Promise<void> | undefined;
  return {
    url: `http://${address.includes(':') ? `[${address}]` : address}:${port}`,
    key: state.accounts.valueOf(firstKey.id),
    controlToken,
    requests: state.log.records,
    quirks: state.quirks,
    clock: state.clock,
    twoFactor: twoFactorControl(state, first.id),
    users: () => state.accounts.users(),
    keys: () => state.accounts.keys(),
    addKey: ({ userId = first.id, kind = 'user', ...key }) => {
      const { id } = state.accounts.addKey({ ...key, userId, kind });
      return { id, value: state.accounts.valueOf(id) };
    },
    addRole: (name, permissions) => state.roles.add(first.id, name, permissions),
    addMember: ({ teamId = first.id, username = 'member', fullname = null, ...member }) =>
      state.teams.addMember(teamId, { username, fullname, ...member }).id,
    addAuditRows: (rows) => {
      for (const row of rows) state.audit.add(first.id, row);
    },
    revoke: (id) => state.accounts.revoke(id),
    fault: (route, fault, times = 1) => state.faults.add(route, fault, times),
    clearFaults: () => state.faults.clear(),
    print: (record) => state.log.print(record),
    close: () => {
      closed ??= new Promise((resolve) => {
        closing.abort();
        server.close(() => resolve());
        server.closeAllConnections();
      });
      return closed;
    },
  };
}

function createState(options: SandboxOptions, closing: AbortSignal): State {
  const accounts = new Accounts();
  for (const user of [...sampleUsers(), ...(options.moreUsers ?? [])]) accounts.addUser(user);
  const { rateLimits = false } = options;
  const thresholds = typeof rateLimits === 'object' ? rateLimits : rateLimits ? DOCUMENTED_INTERVALS : {};
  const clock = new Clock();
  const sessions = new Sessions(clock);
  return {
    accounts,
    audit: new AuditLog(),
    clock,
    faults: new Faults(),
    limiter: new RateLimiter(thresholds),
    log: new RequestLog(accounts, sessions),
    quirks: { ...defaultQuirks(), ...options.quirks },
    roles: new TeamRoles(),
    sessions,
    twoFactor: new TwoFactor(clock),
    teams: new Teams(),
    closing,
  };
}

function listen(server: Server, port: number, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
}
