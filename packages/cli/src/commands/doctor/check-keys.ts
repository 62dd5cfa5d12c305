import type { Paths } from '@vastai-cli/core/internal/config/paths';
import type { CredentialStatus } from '@vastai-cli/core/internal/credentials/status';
import { adviceToSave } from '@vastai-cli/core/internal/files/home';
import { type Finding, info, ok, problem } from './finding.js';

/** Problems that the look at the files finds. */
const TOLD_ELSEWHERE = new Set(['file_mode', 'legacy_left', 'two_factor_session']);
/** Problems that are worth knowing, and were meant so when the key was set up. */
const HARMLESS = new Set(['shadowed', 'unused_copy', 'kept_copy']);

/** The problem of a key that belongs to another API. */
const WITHHELD = 'other_origin';

/** The problem of a key that XDG_CONFIG_HOME leads away from: a cause only where none is found here. */
const ELSEWHERE = 'other_config_home';

/** Finds the key that would be sent, and what is wrong with the places it could come from. */
export function checkKeys({ sources, winner, blocked }: CredentialStatus, paths: Paths): Finding[] {
  const findings = sources.flatMap(({ location, problems }) =>
    problems
      .filter(({ code }) => !TOLD_ELSEWHERE.has(code))
      .map(({ code, message, fix }) => {
        if (HARMLESS.has(code) || (code === ELSEWHERE && winner !== undefined)) return info('key', message);
        return problem('key', code === WITHHELD ? `${location}: ${message}` : message, fix);
      }),
  );
  if (winner !== undefined)
    return [ok('key', `The key ${winner.key} of ${winner.source.location} is sent.`), ...findings];
  const isWithheld = sources.some(({ problems }) => problems.some(({ code }) => code === WITHHELD));
  if (blocked !== undefined || isWithheld) return findings;
  const save = adviceToSave(paths.settingsFile).map((one) =>
    one.do === 'save-key' ? { ...one, purpose: '' } : one,
  );
  return [problem('key', 'No key is found.', save), ...findings];
}
