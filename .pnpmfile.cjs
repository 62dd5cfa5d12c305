// pnpm writes the dependencies of a package in an order that differs from run to run, and then the same files have
// another hash. Nobody who installs a package needs its devDependencies.
const sorted = (dependencies) => Object.fromEntries(Object.entries(dependencies).sort());

module.exports = {
  hooks: {
    beforePacking({ devDependencies, ...manifest }) {
      if (manifest.dependencies) manifest.dependencies = sorted(manifest.dependencies);
      return manifest;
    },
  },
};
