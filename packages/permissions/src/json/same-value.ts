/** No document is nested deeper, and a hostile response must not overflow the stack. */
const DEEPEST = 100;

/** Returns true if two JSON values are equal, in any order of keys. Values below 100 levels count as different. */
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
