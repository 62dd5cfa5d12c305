import { adviceOf } from '@vastai-cli/core/internal/base/advice';
import type { Paths } from '@vastai-cli/core/internal/config/paths';
import type { CredentialStatus } from '@vastai-cli/core/internal/credentials/status';
import { adviceToSave } from '@vastai-cli/core/internal/files/home';
import type { Problem } from '@vastai-cli/core/internal/secrets/lookup';
import { placeOf } from '@vastai-cli/kit/render/place';
import { type Finding, info, ok, problem } from './finding.js';

/** The problems that the check of the files reports. */
const REPORTED_WITH_FILES = new Set(['file_mode', 'legacy_left', 'two_factor_session']);
/** The states that somebody chose when setting up the key, so they are worth knowing but not problems. */
const HARMLESS = new Set(['shadowed', 'unused_copy', 'kept_copy', 'container_key']);

/** The problem of a key that belongs to another API. */
const ORIGIN_MISMATCH = 'other_origin';

/** The problem of a key that XDG_CONFIG_HOME hides. It matters only if no other key is found. */
const ELSEWHERE = 'other_config_home';

/** Reports the key that would be sent, and the problems of the places where keys can be. */
export function checkKeys({ sources, winner, blocked }: CredentialStatus, paths: Paths): Finding[] {
  const findings = sources.flatMap(({ location, problems }) =>
    problems
      .filter((one) => !isReportedWithFiles(one, location))
      .map(({ code, message, fix }) => {
        if (HARMLESS.has(code) || (code === ELSEWHERE && winner !== undefined)) return info('key', message);
        return problem('key', code === ORIGIN_MISMATCH ? `${location}: ${message}` : message, fix);
      }),
  );
  if (winner !== undefined)
    return [ok('key', `The key ${winner.key} from ${placeOf(winner.source.location)} is sent.`), ...findings];
  const isOriginMismatch = sources.some(({ problems }) =>
    problems.some(({ code }) => code === ORIGIN_MISMATCH),
  );
  if (blocked !== undefined || isOriginMismatch) return findings;
  const save = adviceToSave(paths.settingsFile).map((one) =>
    one.do === 'save-key' ? { ...one, purpose: '' } : one,
  );
  return [problem('key', 'No key found.', save), ...findings];
}

/** Returns true if the check of the files reports a problem too. That check does not follow links. */
function isReportedWithFiles({ code, fix }: Problem, location: string): boolean {
  const isOfLinkedFile =
    code === 'file_mode' &&
    adviceOf(fix).some((step) => step.do === 'make-private' && step.path !== location);
  return REPORTED_WITH_FILES.has(code) && !isOfLinkedFile;
}
