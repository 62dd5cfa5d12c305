import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { readValue } from '@vastai-cli/permissions/authoring/grants';
import type { Parameters } from '@vastai-cli/permissions/decision/action';

/** Reads parameters of the form `name=value`. @throws UsageError if the form is wrong or a name is repeated. */
export function readParameters(texts: readonly string[] = []): Parameters {
  const parameters = new Map<string, Parameters[string]>();
  for (const text of texts) {
    const at = text.indexOf('=');
    const name = text.slice(0, Math.max(at, 0));
    if (name === '') throw new UsageError('--param takes name=value, for example: --param id=5');
    if (parameters.has(name)) throw new UsageError('--param names the same parameter twice.');
    parameters.set(name, readValue(text.slice(at + 1)));
  }
  return Object.fromEntries(parameters);
}
