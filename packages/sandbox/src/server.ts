import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { Accounts, type KeyInfo, type KeyKind, type User } from './accounts.js';
import { type Answers, defaultAnswers } from './answers.js';
import { createApp } from './app.js';
import { AuditLog } from './audit-log.js';
import { type Fault, Faults } from './faults.js';
import { loopbackAddress } from './loopback.js';
import { documentedThresholds, RateLimiter, type Thresholds } from './rate-limit.js';
import { RequestLog, type RequestRecord } from './request-log.js';
import { sampleUsers } from './sample-users.js';
import type { State } from './state.js';
import { TeamRoles } from './team-roles.js';

export interface SandboxOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** localhost (the default), an address in 127.0.0.0/8, or ::1. */
  readonly host?: string;
  /** True for the documented limits, or one's own; the default is none. */
  readonly rateLimits?: boolean | Thresholds;
  /** Which of the documented answers to give; what is absent is as in `defaultAnswers`. */
  readonly answers?: Partial<Answers>;
  /** Users beside the two that are always there; `parent_id` makes a subaccount. */
  readonly moreUsers?: readonly User[];
  /** Told of each request, as a line without any key, when its answer is known. */
  readonly onRequest?: (line: string) => void;
}

export interface NewSandboxKey {
  readonly name: string | null;
  /** A permission document; without one the key has full access. */
  readonly permissions?: object;
  /** Any printable text without white space; 64 random hexadecimal characters if absent. */
  readonly value?: string;
  /** The first user if absent. */
  readonly userId?: number;
  /** `user` if absent. */
  readonly kind?: KeyKind;
}

/** A running sandbox. */
export interface Sandbox {
  /** Its origin, such as `http://127.0.0.1:41234`, without a final slash. */
  readonly url: string;
  /** The first user's primary key, with full access, as it was at the start. */
  readonly key: string;
  /** What the control routes want in the header `X-Sandbox-Token`. */
  readonly controlToken: string;
  /** The requests to the API so far, in order of arrival; at most the newest 10,000. */
  readonly requests: readonly RequestRecord[];
  /** Which answers it gives; may be changed at any time. */
  readonly answers: Answers;
  /** The users; the first is the one that `key` belongs to. */
  users(): readonly User[];
  /** Every key that ever was, without the values. */
  keys(): readonly KeyInfo[];
  addKey(key: NewSandboxKey): { readonly id: number; readonly value: string };
  /** @throws Error if there is no such key. */
  revoke(id: number): void;
  /**
   * Makes the next `times` (default 1, `Infinity` for all) requests of a route go wrong.
   *
   * @param route such as `GET /api/v0/users/current/`, `DELETE /api/v0/auth/apikeys/{id}/` or `* /api/*`.
   */
  fault(route: string, fault: Fault, times?: number): void;
  clearFaults(): void;
  /** A request as one line for a person; every key in it is masked. */
  print(record: RequestRecord): string;
  /** Ends every connection and frees the port. */
  close(): Promise<void>;
}

/**
 * Starts a Vast.ai API on a loopback port.
 *
 * @throws Error if the host is not loopback, or the port is not to be had.
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
    answers: state.answers,
    users: () => state.accounts.users(),
    keys: () => state.accounts.keys(),
    addKey: ({ userId = first.id, kind = 'user', ...key }) => {
      const { id } = state.accounts.addKey({ ...key, userId, kind });
      return { id, value: state.accounts.valueOf(id) };
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
  const thresholds = typeof rateLimits === 'object' ? rateLimits : rateLimits ? documentedThresholds : {};
  return {
    accounts,
    answers: { ...defaultAnswers(), ...options.answers },
    audit: new AuditLog(),
    faults: new Faults(),
    limiter: new RateLimiter(thresholds),
    log: new RequestLog(accounts),
    roles: new TeamRoles(),
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
