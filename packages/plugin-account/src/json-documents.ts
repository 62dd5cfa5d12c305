import type { TotpSecret } from '@vastai-cli/core/internal/api/new-two-factor-method';
import type { LoginSession } from '@vastai-cli/core/internal/api/sessions';
import type { Invitation, TeamMember } from '@vastai-cli/core/internal/api/team-members';
import type { TeamRole } from '@vastai-cli/core/internal/api/team-roles';
import type { TwoFactorStatus } from '@vastai-cli/core/internal/api/two-factor';
import type { TwoFactorFailure } from '@vastai-cli/core/internal/api/two-factor-errors';
import type { User } from '@vastai-cli/core/internal/api/users';
import type { KeyStore } from '@vastai-cli/core/internal/secrets/store';
import type { Diagnostic } from '@vastai-cli/permissions/validation/diagnostics';
import type { LoggedCall } from './commands/show/logged-calls.js';
import type { CodesDocument } from './two-factor/backup-codes.js';

/** Maps each command to its `--json` document. The schemas in packages/cli/contract are generated from it. */
export interface Documents {
  'create team-role': SentRole;
  'delete session': { readonly deleted: number | string };
  'invite member': Invitation;
  'remove member': { readonly removed: number };
  'remove team-role': {
    /** The name or the ID, as it was given. */
    readonly removed: string;
  };
  'show audit-logs': readonly LoggedCall[];
  'show members': readonly TeamMember[];
  'show sessions': readonly LoginSession[];
  'show team-role': TeamRole;
  'show team-roles': readonly TeamRole[];
  'show user': User;
  'tfa activate': NewMethod;
  'tfa add sms': NewMethod;
  'tfa add totp': NewMethod;
  'tfa auth-new': Authorized;
  'tfa delete': DeletedMethod;
  'tfa login': LoggedIn;
  'tfa logout': LoggedOut;
  'tfa regen-codes': CodesDocument;
  'tfa resend-sms': { readonly sent: true };
  'tfa send-email': SentCode;
  'tfa send-sms': SentCode;
  'tfa status': TwoFactorStatus & {
    /** True if the account is from before there were backup codes, and has to make some; null if that is not known. */
    readonly is_legacy: boolean | null;
  };
  'tfa totp-setup': TotpSecret;
  'tfa update': UpdatedMethod;
  'update team-role': SentRole & {
    /** Null if the API does not say. */
    readonly id: number | null;
  };
}

/** Maps each command to the data next to `error` in the document of a failure. */
export interface Failures {
  'create team-role': PermissionFailure;
  'update team-role': PermissionFailure;
  'tfa activate': Partial<TwoFactorFailure>;
  'tfa add sms': Partial<TwoFactorFailure>;
  'tfa add totp': Partial<TwoFactorFailure>;
  'tfa auth-new': Partial<TwoFactorFailure>;
  'tfa delete': Partial<TwoFactorFailure>;
  'tfa login': Partial<TwoFactorFailure>;
  'tfa regen-codes': Partial<TwoFactorFailure>;
  'tfa resend-sms': Partial<TwoFactorFailure>;
  'tfa send-email': Partial<TwoFactorFailure>;
  'tfa send-sms': Partial<TwoFactorFailure>;
  'tfa status': Partial<TwoFactorFailure>;
  'tfa totp-setup': Partial<TwoFactorFailure>;
  'tfa update': Partial<TwoFactorFailure>;
}

interface NewMethod extends CodesDocument {
  readonly method: 'totp' | 'sms';
}

interface Authorized {
  /** True if a method can be added for 30 minutes. */
  readonly authorized: boolean;
  /** The secret to complete the authorization with, if the code is still missing. */
  readonly secret: string | null;
}

interface SentCode {
  /** The secret that the code is used with. */
  readonly secret: string;
}

interface LoggedIn {
  readonly profile: string;
  /** The store of the session; null if Vast.ai gave none, because the saved key is a session itself. */
  readonly storage: KeyStore['kind'] | null;
  readonly location: string | null;
  /** The last four characters of the session. */
  readonly suffix?: string;
  /** Gives the end of the session, in seconds since 1970: a week from now, which Vast.ai's response does not say. */
  readonly ends: number | null;
  /** The number of backup codes that are left; null if Vast.ai does not say: none was used, or that was the last one. */
  readonly backup_codes_remaining: number | null;
}

interface LoggedOut {
  readonly profile: string;
  /** True if there was a session. */
  readonly removed: boolean;
  readonly storage: KeyStore['kind'] | null;
  readonly location: string | null;
}

interface UpdatedMethod {
  readonly id: number;
  readonly label?: string;
  readonly primary?: boolean;
}

interface DeletedMethod {
  /** The id that was asked for; null if Vast.ai removed the method of the code. */
  readonly deleted: number | null;
  /** 0 if two-factor login is off; null if Vast.ai does not say. */
  readonly remaining_methods: number | null;
}

/** A role as it was sent. */
interface SentRole {
  readonly name: string;
  readonly permissions: Readonly<Record<string, unknown>>;
}

interface PermissionFailure {
  /** The errors of the permission file. */
  readonly diagnostics?: readonly Diagnostic[];
}
