import type { Capability } from './capabilities.js';

/** What a key with a capability can do, to follow "can" in a sentence. */
export const CAPABILITY_WORDS: Readonly<Record<Capability, string>> = {
  'mint-keys': 'create API keys',
  'change-access': 'change who has access',
  'read-secrets': 'read secrets',
  'spend-money': 'spend money',
  destroy: 'destroy things',
};
