import type { KeyAccess } from '@vastai-cli/core/internal/api/key-access';
import { type ErrorCode, guidanceOf } from '@vastai-cli/core/internal/base/errors';
import type { Context } from '@vastai-cli/core/internal/credentials/context';
import type { CredentialStatus, SourceStatus } from '@vastai-cli/core/internal/credentials/status';
import { adviceToSave } from '@vastai-cli/core/internal/files/home';
import type { Problem } from '@vastai-cli/core/internal/secrets/lookup';
import { type AdviceDocument, adviceDocuments, type Rendered, rendered } from '@vastai-cli/kit/render/advice';
import type { AdviceTarget } from '@vastai-cli/kit/render/advice-target';
import { type ShownSession, withoutValue } from '../../keys/shown-session.js';
import type { Verification } from '../../keys/verify-key.js';

/** Describes a place where keys can be, with the fixes of its problems in words. */
export type ShownSource = Omit<SourceStatus, 'problems'> & {
  readonly problems: readonly Rendered<Problem>[];
};

/** Holds the document of `auth status --json`. Its shape is stable. */
export interface AuthReport {
  readonly profile: string;
  /** The origin of the profile name: `--profile`, `VAST_PROFILE`, the path of a file, `config.json`, or `default`. */
  readonly profile_from: string;
  readonly url: string;
  readonly active: {
    readonly source: string;
    readonly location: string;
    readonly suffix: string;
    /** The two-factor session that is sent in place of the key. */
    readonly session?: ShownSession;
  } | null;
  readonly state:
    | 'verified'
    | 'rejected'
    | 'two_factor'
    | 'unverifiable'
    | 'skipped'
    | 'absent'
    | 'unreadable';
  readonly user?: { readonly id: number; readonly username?: string; readonly email?: string };
  /** The id of the key, if the API returned it. */
  readonly key_id?: number;
  /** Says how much the key can do, with `--require-scoped`. `unknown` means that the API does not say. */
  readonly access?: KeyAccess;
  readonly sources: readonly ShownSource[];
  /** The advice for when no place has a key. */
  readonly advice?: readonly AdviceDocument[];
}

/** Maps each state in which a command that needs the key would fail to its error code. */
const FAILURES: Readonly<Partial<Record<AuthReport['state'], ErrorCode>>> = {
  absent: 'no_key',
  rejected: 'key_rejected',
  two_factor: 'two_factor',
  unverifiable: 'unreachable',
  unreadable: 'storage',
};

/** Returns the code for the exit status, which matches the state of the report; `undefined` for success. */
export function codeOf({ state, access }: AuthReport): ErrorCode | undefined {
  if (access === 'full') return 'findings';
  return access === 'unknown' ? 'unreachable' : FAILURES[state];
}

/**
 * Combines what the places hold with what the API said.
 *
 * @param open the rotations and resets that are not finished
 */
export function authReport(
  context: Context,
  status: CredentialStatus,
  verification: Verification,
  target: AdviceTarget,
  open: readonly Problem[] = [],
): AuthReport {
  const { winner, blocked } = status;
  const sources = withOpen(status.sources, open);
  const state = stateOf(winner !== undefined, blocked !== undefined, verification);
  const isNowhere = state === 'absent' && !sources.some(({ state }) => state === 'present');
  const user = verification.state === 'verified' ? verification.user : undefined;
  return {
    profile: context.profile.name,
    profile_from: context.profile.from,
    url: context.url.origin,
    active:
      winner === undefined
        ? null
        : {
            source: winner.source.name,
            location: winner.source.location,
            suffix: winner.key.suffix,
            ...(winner.session === undefined ? {} : { session: withoutValue(winner.session) }),
          },
    state,
    ...(user === undefined ? {} : { user: whose(user) }),
    ...(user?.key_id === undefined ? {} : { key_id: user.key_id }),
    sources: sources.map((source) => {
      const { problems, ...rest } = source.active ? withFinding(source, verification) : source;
      return { ...rest, problems: problems.map((problem) => rendered(problem, target)) };
    }),
    ...(isNowhere ? { advice: adviceDocuments(adviceToSave(context.paths.settingsFile), target) } : {}),
  };
}

/** Adds rotations and resets that are not finished to the source whose key is sent, or else to the key file. */
function withOpen(sources: readonly SourceStatus[], open: readonly Problem[]): SourceStatus[] {
  const holder = sources.find(({ active }) => active) ?? sources.find(({ source }) => source === 'file');
  return sources.map((one) => (one === holder ? { ...one, problems: [...one.problems, ...open] } : one));
}

function stateOf(found: boolean, blocked: boolean, verification: Verification): AuthReport['state'] {
  if (found) return verification.state;
  return blocked ? 'unreadable' : 'absent';
}

function whose({ id, username, email }: NonNullable<AuthReport['user']>): NonNullable<AuthReport['user']> {
  return { id, ...(username === undefined ? {} : { username }), ...(email === undefined ? {} : { email }) };
}

/** Adds what the API said about the key as a problem of its source. */
function withFinding(source: SourceStatus, verification: Verification): SourceStatus {
  if ('error' in verification) {
    const { error } = verification;
    const problem = { code: error.code, message: error.message, fix: guidanceOf(error) };
    return { ...source, problems: [...source.problems, problem] };
  }
  if (verification.state === 'verified' && verification.note !== undefined) {
    const problem = { code: 'limited', message: verification.note, fix: '' };
    return { ...source, problems: [...source.problems, problem] };
  }
  return source;
}
