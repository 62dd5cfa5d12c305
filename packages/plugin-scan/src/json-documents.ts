import type { ScanReport } from './output/scan-report.js';

/** Maps each command to its `--json` output. The schemas in packages/cli/contract are generated from it. */
export interface Documents {
  scan: ScanReport;
}
