/** The flags in front of a command of the official CLI that choose what it gets, and that it does not see itself. */
const OURS = ['--profile', '--api-key', '--timeout', '--json'];

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

/** All flags that can come before a command of the official CLI. Its other flags follow the command. */
export const FRONT_FLAGS: readonly string[] = [...OURS, ...PASSED_FLAGS];
