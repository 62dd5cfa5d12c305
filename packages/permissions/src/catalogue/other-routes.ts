/** A route that is not in the catalogue, because no permission covers it. */
export interface OtherRoute {
  /** This project's own name for it, written like the operations of the catalogue. */
  readonly operation: string;
  readonly method: 'GET' | 'POST';
  readonly route: string;
}

/** The route that the official CLI asks without a key, when it runs in a home for the first time. */
export const PUBLIC_ROUTE: OtherRoute = {
  operation: 'gpu.names',
  method: 'GET',
  route: '/api/v0/gpu_names/unique/',
};

/** The origin of the serverless API, which accepts the keys of Vast.ai's API too. */
export const SERVERLESS_URL = 'https://run.vast.ai';

/** Lists what the official clients ask of the serverless API. They put the key into the body. */
export const SERVERLESS_ROUTES: readonly OtherRoute[] = [
  { operation: 'serverless.endpoint_logs', method: 'POST', route: '/get_endpoint_logs/' },
  { operation: 'serverless.endpoint_workers', method: 'POST', route: '/get_endpoint_workers/' },
  { operation: 'serverless.workergroup_logs', method: 'POST', route: '/get_workergroup_logs/' },
  { operation: 'serverless.workergroup_workers', method: 'POST', route: '/get_workergroup_workers/' },
  { operation: 'serverless.autogroup_logs', method: 'POST', route: '/get_autogroup_logs/' },
  { operation: 'serverless.update_workers', method: 'POST', route: '/update_workers/' },
  { operation: 'serverless.route', method: 'POST', route: '/route/' },
];

/** All of these routes. */
export const OTHER_ROUTES: readonly OtherRoute[] = [PUBLIC_ROUTE, ...SERVERLESS_ROUTES];
