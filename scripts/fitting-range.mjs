/** The versions that work together with one: before 1.0 the minor version decides, then the major one. */
export function fittingRange(version) {
  const [major, minor] = version.split('.');
  return major === '0' ? `^0.${minor}.0` : `^${major}.0.0`;
}
