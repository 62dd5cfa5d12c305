import type { Reporter, TestModule } from 'vitest/node';

/**
 * Ends the run with its totals in one plain line, `N passed, N failed`. With VASTAI_TEST_NO_SKIP=1 a skipped test
 * counts as failed: on the machines that set it everything that a test can ask for is there.
 */
export default class TotalsReporter implements Reporter {
  readonly #totals = { passed: 0, failed: 0, skipped: 0 };

  onInit(): void {
    process.on('exit', (status) => {
      const { passed, failed, skipped } = this.#totals;
      // Errors before the first test or after the last one fail the run too.
      const failures = status !== 0 && failed === 0 ? 1 : failed;
      console.log(`${passed} passed, ${failures} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`);
    });
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const totals = this.#totals;
    totals.failed += errors.length;
    for (const module of modules) {
      // A file that could not be loaded has no tests, but counts as a failure.
      if (!module.ok() && [...module.children.allTests('failed')].length === 0) totals.failed += 1;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state !== 'pending') totals[state] += 1;
      }
    }
    if (process.env.VASTAI_TEST_NO_SKIP !== '1' || totals.skipped === 0) return;
    console.log(`${totals.skipped} tests were skipped, which VASTAI_TEST_NO_SKIP=1 does not allow.`);
    totals.failed += totals.skipped;
    totals.skipped = 0;
    process.exitCode = 1;
  }
}
