import type { CredentialStatus, SourceStatus } from '@vastai-cli/core/credentials/status';
import type { ErrorCode } from '@vastai-cli/core/errors';
import type { Session } from '@vastai-cli/core/session';
import { EXIT_STATUS } from '@vastai-cli/kit/exit-status';
import type { Verification } from './verify-key.js';

/** What `auth status --json` prints: a stable shape. */
export interface AuthReport {
  readonly profile: string;
  /** What chose the profile: `--profile`, `VAST_PROFILE`, the path of a file, `config.json`, or `default`. */
  readonly profile_from: string;
  readonly url: string;
  readonly active: { readonly source: string; readonly location: string; readonly suffix: string } | null;
  readonly state:
    | 'verified'
    | 'rejected'
    | 'two_factor'
    | 'unverifiable'
    | 'skipped'
    | 'absent'
    | 'unreadable';
  readonly user?: { readonly id: number; readonly username?: string; readonly email?: string };
  /** The id of the key, where the API told it. */
  readonly key_id?: number;
  readonly sources: readonly SourceStatus[];
}

/** The states in which a command that needs the key would fail, and with what. */
const FAILURES: Readonly<Partial<Record<AuthReport['state'], ErrorCode>>> = {
  absent: 'no_key',
  rejected: 'key_rejected',
  two_factor: 'two_factor',
  unverifiable: 'unreachable',
  unreadable: 'storage',
};

/** The exit status says the same as the report's state. */
export function statusOf(report: AuthReport): number {
  const code = FAILURES[report.state];
  return code === undefined ? 0 : EXIT_STATUS[code];
}

/** Puts together what the places hold and what the API said. */
export function authReport(
  session: Session,
  status: CredentialStatus,
  verification: Verification,
): AuthReport {
  const { winner, blocked, sources } = status;
  const user = verification.state === 'verified' ? verification.user : undefined;
  return {
    profile: session.profile.name,
    profile_from: session.profile.from,
    url: session.url.origin,
    active:
      winner === undefined
        ? null
        : { source: winner.source.name, location: winner.source.location, suffix: winner.key.suffix },
    state: stateOf(winner !== undefined, blocked !== undefined, verification),
    ...(user === undefined ? {} : { user: whose(user) }),
    ...(user?.key_id === undefined ? {} : { key_id: user.key_id }),
    sources: sources.map((source) => (source.active ? withFinding(source, verification) : source)),
  };
}

function stateOf(found: boolean, blocked: boolean, verification: Verification): AuthReport['state'] {
  if (found) return verification.state;
  return blocked ? 'unreadable' : 'absent';
}

function whose({ id, username, email }: NonNullable<AuthReport['user']>): NonNullable<AuthReport['user']> {
  return { id, ...(username === undefined ? {} : { username }), ...(email === undefined ? {} : { email }) };
}

/** What the API said of the key, as a problem of the place that it came from. */
function withFinding(source: SourceStatus, verification: Verification): SourceStatus {
  if ('error' in verification) {
    const { message, hint } = verification.error;
    const problem = { code: verification.error.code, message, fix: hint ?? '' };
    return { ...source, problems: [...source.problems, problem] };
  }
  if (verification.state === 'verified' && verification.note !== undefined) {
    const problem = { code: 'limited', message: verification.note, fix: '' };
    return { ...source, problems: [...source.problems, problem] };
  }
  return source;
}
