/** Returns the range of compatible versions: the same minor version before 1.0, the same major version afterwards. */
export function fittingRange(version) {
  const [major, minor] = version.split('.');
  return major === '0' ? `^0.${minor}.0` : `^${major}.0.0`;
}
