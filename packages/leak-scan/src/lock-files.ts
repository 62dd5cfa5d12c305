const NAMES = new Set(
  (
    'package-lock.json npm-shrinkwrap.json pnpm-lock.yaml yarn.lock bun.lock deno.lock cargo.lock poetry.lock uv.lock pdm.lock ' +
    'pixi.lock conda-lock.yml pipfile.lock go.sum go.work.sum composer.lock gemfile.lock podfile.lock flake.lock pubspec.lock ' +
    'mix.lock packages.lock.json gradle.lockfile .terraform.lock.hcl chart.lock'
  ).split(' '),
);

/** Returns true for a lock file or a list of checksums, in which 64 digits are the hash of something. */
export function isChecksumList(path: string): boolean {
  const name = (path.replaceAll('\\', '/').split('/').at(-1) ?? '').toLowerCase();
  return (
    NAMES.has(name) ||
    /\.(?:lock|lockfile|sha256|sha256sums?|sha512|sums?)$|^(?:sha\d+|md5|check)sums?\b/u.test(name)
  );
}
