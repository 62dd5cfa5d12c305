// The parts of the catalogue that api uses. The build puts them into a file of their own, read only by runs that need it.
export { findOperation } from '@vastai-cli/permissions/catalogue/catalogue';
export { dryRun } from './dry-run.js';
export { adviceIfLost, reasonsToAsk } from './effects.js';
export { adviceForRoute } from './nearest-route.js';
export { describeRoute, listRoutes } from './routes.js';
