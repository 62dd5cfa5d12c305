/** No document goes deeper, and a hostile answer of the server must not use up the stack. */
const DEEPEST = 100;

/** Returns whether two JSON values are equal, whatever the order of their keys; beyond 100 levels they are not. */
export function isSameValue(left: unknown, right: unknown, depth = 0): boolean {
  if (left === right) return true;
  if (depth > DEEPEST) return false;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every(
      (key) =>
        Object.hasOwn(right, key) &&
        isSameValue(
          (left as Record<string, unknown>)[key],
          (right as Record<string, unknown>)[key],
          depth + 1,
        ),
    )
  );
}
