import type { SessionInfo } from '../sessions.js';
import type { State } from '../state.js';
import type { Message } from './challenges.js';
import type { TfaMethod } from './methods.js';
import type { NewTfaMethod } from './two-factor.js';

/** Sets up two-factor login of one user, for tests. */
export interface TwoFactorControl {
  /** Adds a method; the first one switches two-factor login on. Returns its id and, for an app, its base32 secret. */
  add(method: NewTfaMethod): { readonly id: number; readonly secret: string };
  /** Lists the methods. */
  methods(): readonly TfaMethod[];
  /** Lists the backup codes that are left. */
  backupCodes(): readonly string[];
  /** Replaces the backup codes that are left. */
  setBackupCodes(codes: readonly string[]): void;
  /** Returns the base32 secret of an app that is being added. */
  pendingSecret(): string | undefined;
  /** Lets methods be added for half an hour. */
  authorize(): void;
  /** Makes the account one from before backup codes, which has to make some first. */
  makeLegacy(): void;
  /** Lists every SMS and email that was sent, the oldest first. */
  messages(): readonly Message[];
  /** Lets a key act for a team (team context), or for its user again with null. */
  bindToTeam(keyId: number, teamId: number | null): void;
  /** Changes the user, such as `{ email_verified: false }`. */
  updateUser(fields: Readonly<Record<string, unknown>>): void;
  /** Lists the live sessions. */
  sessions(): readonly SessionInfo[];
  /** Lists what every session was worth, ended ones too. */
  sessionValues(): readonly string[];
  /** Logs a key in without a code, and returns the value of the session. */
  beginSession(keyId: number): string;
  endSession(id: number): void;
}

export function twoFactorControl(state: State, userId: number): TwoFactorControl {
  const { accounts, sessions, twoFactor } = state;
  const account = () => twoFactor.account(userId);
  return {
    add: (method) => {
      const { id, secret } = twoFactor.addMethod(userId, method);
      return { id, secret };
    },
    methods: () => account().methods,
    backupCodes: () => account().backupCodes,
    setBackupCodes: (codes) => {
      account().backupCodes = [...codes];
    },
    pendingSecret: () => account().totpSecret,
    authorize: () => twoFactor.authorize(userId),
    makeLegacy: () => {
      Object.assign(account(), { isLegacy: true, backupCodes: [] });
    },
    messages: () => twoFactor.challenges.messages,
    bindToTeam: (keyId, teamId) => accounts.bindToTeam(keyId, teamId),
    updateUser: (fields) => accounts.updateUser(userId, fields),
    sessions: () => sessions.of(userId),
    sessionValues: () => sessions.values(),
    beginSession: (keyId) => {
      const key = accounts.key(keyId);
      if (key === undefined) throw new Error(`No such key: ${keyId}`);
      return sessions.begin(key);
    },
    endSession: (id) => sessions.end(id),
  };
}
