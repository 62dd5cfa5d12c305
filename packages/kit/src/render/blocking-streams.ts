import { isUnopened } from './lost-output.js';

/** A stream with the part of Node below it, which the types leave out. */
interface WithHandle {
  readonly _handle?: { readonly setBlocking?: (blocking: boolean) => unknown };
}

/**
 * Makes standard output and standard error block again, before a program inherits them. Node makes a pipe non-blocking when
 * it opens it, and for every process that shares it: a program that does not expect that loses output.
 */
export function makeBlocking(): void {
  for (const name of ['stdout', 'stderr'] as const) {
    if (!isUnopened(name)) (process[name] as WithHandle)._handle?.setBlocking?.(true);
  }
}
