import type { ApiKeyRecord } from '@vastai-cli/core/internal/api/api-keys';
import { capabilitiesOf } from '@vastai-cli/permissions/decision/capabilities';
import type { Capability } from '@vastai-cli/permissions/decision/capability-names';
import { documentOf } from './listed-key.js';

/** Returns true if a key has, or may have, one of these capabilities. One of unknown permissions may have all. */
export function couldDo(key: ApiKeyRecord, capabilities: readonly Capability[]): boolean {
  return capabilitiesOf(documentOf(key)).some(({ capability }) => capabilities.includes(capability));
}
