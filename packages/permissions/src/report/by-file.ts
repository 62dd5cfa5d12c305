/** Groups findings or failed gates by the file, key or role that they are about, in one pass: an account has thousands. */
export function byFile<Found extends { readonly file: string }>(
  all: readonly Found[],
): ReadonlyMap<string, readonly Found[]> {
  const groups = new Map<string, Found[]>();
  for (const one of all) {
    const group = groups.get(one.file);
    if (group === undefined) groups.set(one.file, [one]);
    else group.push(one);
  }
  return groups;
}
