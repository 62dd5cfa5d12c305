/**
 * Returns true if two JSON values are equal, in any order of keys. Keeps its own stack, because a hostile response can
 * be nested deeper than calls can be.
 */
export function isSameValue(left: unknown, right: unknown): boolean {
  const pairs: [left: unknown, right: unknown][] = [[left, right]];
  for (let pair = pairs.pop(); pair !== undefined; pair = pairs.pop()) {
    const [one, other] = pair;
    if (one === other) continue;
    if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
    if (Array.isArray(one) !== Array.isArray(other)) return false;
    const keys = Object.keys(one);
    if (keys.length !== Object.keys(other).length) return false;
    for (const key of keys) {
      if (!Object.hasOwn(other, key)) return false;
      pairs.push([(one as Record<string, unknown>)[key], (other as Record<string, unknown>)[key]]);
    }
  }
  return true;
}
