export { Baseline, BaselineError, readBaseline, writeBaseline } from './baseline.js';
export { isBinary } from './encoding.js';
export { fingerprintOf, newSalt } from './fingerprint.js';
export type { LeakedKey } from './leaked-key.js';
export { REASONS, type Reason } from './reasons.js';
export { KeyScanner, type ScanOptions, type ScanResult, scanBytes } from './scanner.js';
