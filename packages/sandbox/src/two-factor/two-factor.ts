import type { Clock } from '../clock.js';
import { Challenges } from './challenges.js';
import { newBackupCodes, type TfaAccount, type TfaMethod } from './methods.js';
import { newTotpSecret } from './totp.js';

export interface NewTfaMethod {
  readonly method: 'totp' | 'sms';
  /** The base32 secret of an app. */
  readonly secret?: string;
  readonly phoneNumber?: string;
  readonly label?: string;
}

const WINDOW = 30 * 60;
const FIRST_METHOD_ID = 501;

/** Keeps the two-factor login of the accounts of one sandbox. */
export class TwoFactor {
  readonly challenges: Challenges;
  readonly clock: Clock;
  readonly #accounts = new Map<number, TfaAccount>();
  #nextId = FIRST_METHOD_ID;

  constructor(clock: Clock) {
    this.clock = clock;
    this.challenges = new Challenges(clock);
  }

  account(userId: number): TfaAccount {
    const known = this.#accounts.get(userId);
    if (known !== undefined) return known;
    const account: TfaAccount = {
      methods: [],
      backupCodes: [],
      isLegacy: false,
      authorizedUntil: 0,
      totpSecret: undefined,
    };
    this.#accounts.set(userId, account);
    return account;
  }

  /** Returns `tfa_status` of a user. */
  statusOf(userId: number): 'enabled' | 'disabled' | 'legacy' {
    const { methods, isLegacy } = this.account(userId);
    if (isLegacy) return 'legacy';
    return methods.length > 0 ? 'enabled' : 'disabled';
  }

  /** Adds a method. The first one is the primary one, and comes with backup codes. */
  addMethod(userId: number, { method, secret, phoneNumber, label }: NewTfaMethod): TfaMethod {
    const account = this.account(userId);
    const isFirst = account.methods.length === 0;
    const added: TfaMethod = {
      id: this.#nextId++,
      userId,
      method,
      secret: method === 'totp' ? (secret ?? newTotpSecret()) : '',
      phoneNumber: method === 'sms' ? (phoneNumber ?? '+12025550100') : null,
      createdAt: Math.floor(this.clock.now()),
      label: label ?? (method === 'totp' ? 'Authenticator' : 'Phone'),
      isPrimary: isFirst,
      failCount: 0,
      lockedUntil: null,
      lastUsed: null,
    };
    account.methods.push(added);
    if (isFirst) account.backupCodes = newBackupCodes();
    return added;
  }

  /** Removes a method. With the last one, two-factor login is over, and so are the backup codes. */
  removeMethod(userId: number, id: number): void {
    const account = this.account(userId);
    account.methods = account.methods.filter((one) => one.id !== id);
    const [first] = account.methods;
    if (first === undefined) account.backupCodes = [];
    else if (!account.methods.some((one) => one.isPrimary)) first.isPrimary = true;
  }

  /** Lets methods be added for half an hour. */
  authorize(userId: number): void {
    this.account(userId).authorizedUntil = this.clock.now() + WINDOW;
  }

  isAuthorized(userId: number): boolean {
    return this.clock.now() < this.account(userId).authorizedUntil;
  }
}
