import type { Accounts } from './accounts.js';
import type { AuditLog } from './audit-log.js';
import type { Clock } from './clock.js';
import type { Faults } from './faults.js';
import type { Quirks } from './quirks.js';
import type { RateLimiter } from './rate-limit.js';
import type { RequestLog } from './request-log.js';
import type { Sessions } from './sessions.js';
import type { TeamRoles } from './team-roles.js';
import type { Teams } from './teams.js';
import type { TwoFactor } from './two-factor/two-factor.js';

/** State of one sandbox. Two sandboxes in one process share nothing. */
export interface State {
  readonly accounts: Accounts;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly faults: Faults;
  readonly limiter: RateLimiter;
  readonly log: RequestLog;
  readonly quirks: Quirks;
  readonly roles: TeamRoles;
  readonly sessions: Sessions;
  readonly twoFactor: TwoFactor;
  readonly teams: Teams;
  /** Aborted when the sandbox closes, so that nothing keeps waiting. */
  readonly closing: AbortSignal;
}
