import type { Guidance } from '@vastai-cli/core/internal/base/advice';

/** What the doctor says of one thing: a stable shape. */
export interface Finding {
  /** What was looked at: `program`, `plugin`, `settings`, `key`, `file`, `keychain`, `proxy`, … */
  readonly check: string;
  /** `info` is worth knowing and nothing is wrong. */
  readonly state: 'ok' | 'info' | 'problem';
  readonly message: string;
  /** What to do about it; as words and commands in what is printed. */
  readonly fix?: Guidance;
}

export const ok = (check: string, message: string): Finding => ({ check, state: 'ok', message });
export const info = (check: string, message: string): Finding => ({ check, state: 'info', message });
export const problem = (check: string, message: string, fix: Guidance): Finding => ({
  check,
  state: 'problem',
  message,
  fix,
});
