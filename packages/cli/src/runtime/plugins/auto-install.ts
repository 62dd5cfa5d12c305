import { UsageError } from '@vastai-cli/core/internal/base/errors';

const ON = ['1', 'true', 'yes', 'on'];
const OFF = ['0', 'false', 'no', 'off'];

/**
 * Says whether a plugin may be installed without a question.
 *
 * @param value what VASTAI_AUTO_INSTALL holds, if anything
 * @throws UsageError for a value that is neither yes nor no
 */
export function installsUnasked(value = '0'): boolean {
  const word = value.trim().toLowerCase();
  if ([...ON, ...OFF].includes(word)) return ON.includes(word);
  throw new UsageError(
    `VASTAI_AUTO_INSTALL must be one of ${[...ON, ...OFF].join(', ')}.`,
    'With 1, a missing plugin is installed when a command of it is run.',
  );
}
