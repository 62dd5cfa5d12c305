/** Prints each mutant that no test noticed as soon as that is known; the report comes only at the end of a run. */
class SayAtOnce {
  onMutantTested({ status, fileName, location: { start }, mutatorName, replacement }) {
    if (status !== 'Survived' && status !== 'NoCoverage') return;
    const code = replacement.replaceAll(/\s+/gu, ' ');
    const file = fileName.replace(/^.*(?=packages\/)/u, '');
    process.stdout.write(`${file}:${start.line}:${start.column} ${status} ${mutatorName}: ${code}\n`);
  }
}

export const strykerPlugins = [{ kind: 'Reporter', name: 'say-at-once', injectableClass: SayAtOnce }];
