/** The property of the process with the variable that was taken out. Each command is a bundle with its own modules. */
const TAKEN = Symbol.for('vastai.debug-variable');

/** Takes DEBUG out of the environment: libraries would print the arguments, and one of them may be a key. */
export function takeDebugVariable(env: NodeJS.ProcessEnv): void {
  Object.defineProperty(process, TAKEN, { value: env.DEBUG });
  delete env.DEBUG;
}

/** Returns the variable that was taken out, to pass the environment on to a program as it was. */
export function takenDebugVariable(): { DEBUG?: string } {
  const DEBUG = (process as { [TAKEN]?: string })[TAKEN];
  return DEBUG === undefined ? {} : { DEBUG };
}
