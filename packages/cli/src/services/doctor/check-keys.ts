import type { Paths } from '@vastai-cli/core/internal/config/paths';
import type { CredentialStatus } from '@vastai-cli/core/internal/credentials/status';
import { adviceToSave } from '@vastai-cli/core/internal/files/home';
import { type Finding, info, ok, problem } from './finding.js';

/** What the look at the files tells of. */
const TOLD_ELSEWHERE = new Set(['file_mode', 'legacy_left', 'two_factor_session']);
/** Worth knowing, and meant so by whoever set it up. */
const HARMLESS = new Set(['shadowed', 'unused_copy', 'kept_copy']);

/** There is a key, and it belongs to another API. */
const WITHHELD = 'other_origin';

/** A key where XDG_CONFIG_HOME leads away from: a cause only where none is found here. */
const ELSEWHERE = 'other_config_home';

/** The key that would be sent, and what is wrong with the places it could come from. */
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
