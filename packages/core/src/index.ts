export type { Environment } from './base/environment.js';
export { readEnvironment } from './base/environment.js';
export { VastaiError } from './base/errors.js';
