import type { Accounts } from './accounts.js';
import type { Answers } from './answers.js';
import type { AuditLog } from './audit-log.js';
import type { Faults } from './faults.js';
import type { RateLimiter } from './rate-limit.js';
import type { RequestLog } from './request-log.js';
import type { TeamRoles } from './team-roles.js';

/** Everything that one sandbox knows. Two sandboxes in one process share nothing. */
export interface State {
  readonly accounts: Accounts;
  readonly answers: Answers;
  readonly audit: AuditLog;
  readonly faults: Faults;
  readonly limiter: RateLimiter;
  readonly log: RequestLog;
  readonly roles: TeamRoles;
  /** Aborted when the sandbox closes, so that nothing goes on waiting. */
  readonly closing: AbortSignal;
}
