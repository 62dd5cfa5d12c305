import type { ApiKey } from '@vastai-cli/core/internal/base/api-key';
import { type Environment, isRentedMachine } from '@vastai-cli/core/internal/base/environment';
import type { Client } from '@vastai-cli/core/internal/http/client';
import { accessOf, exposure, USE_SCOPED_KEY } from '../../keys/exposed-key.js';
import type { Verification } from '../../keys/verify-key.js';
import { type Finding, info, problem } from './finding.js';

/** Reports a key on a rented machine that could do its owner's account harm. */
export async function checkExposure(
  environment: Environment,
  key: ApiKey,
  client: Client,
  verification: Verification,
): Promise<Finding[]> {
  if (!isRentedMachine(environment)) return [];
  const access = await accessOf(client, verification);
  const text = exposure(key, access);
  if (text === undefined) return [];
  return [access === 'full' ? problem('key', text, USE_SCOPED_KEY) : info('key', text)];
}
