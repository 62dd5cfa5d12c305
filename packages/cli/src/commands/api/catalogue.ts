// What api takes of the catalogue. The build makes a file of it, so that a run that needs none of it does not read it.
export { findOperation } from '@vastai-cli/permissions/catalogue/catalogue';
export { dryRun } from './dry-run.js';
export { adviceIfLost, reasonsToAsk } from './effects.js';
export { adviceForRoute } from './nearest-route.js';
export { describeRoute, listRoutes } from './routes.js';
