/** Name what a key can do that a reviewer has to know, the worst first. Gates such as `--fail-on` use these names. */
export const CAPABILITIES = ['mint-keys', 'change-access', 'read-secrets', 'spend-money', 'destroy'] as const;

export type Capability = (typeof CAPABILITIES)[number];

/** Say what a key with a capability can do, to follow "can" in a sentence. */
export const CAPABILITY_WORDS: Readonly<Record<Capability, string>> = {
  'mint-keys': 'create API keys',
  'change-access': 'change who has access',
  'read-secrets': 'read secrets',
  'spend-money': 'spend money',
  destroy: 'destroy things',
};
