/** The flags in front of a command of the official CLI that choose its key. It does not see them. */
const KEY_FLAGS = ['--profile', '--api-key'];

/** The flags in front that do nothing for it: one is ignored, and one is refused with the flag to use instead. */
const WITHOUT_EFFECT = ['--timeout', '--json'];

/** The flags in front that it gets, in front. */
export const PASSED_FLAGS: readonly string[] = [
  '--url',
  '--retry',
  '--explain',
  '--raw',
  '--full',
  '--curl',
  '--no-color',
];

/** The flags to advise in front of a command of the official CLI. Its other flags follow the command. */
export const USEFUL_FRONT_FLAGS: readonly string[] = [...KEY_FLAGS, ...PASSED_FLAGS];

/** All flags that can come before a command of the official CLI. */
export const FRONT_FLAGS: readonly string[] = [...USEFUL_FRONT_FLAGS, ...WITHOUT_EFFECT];
