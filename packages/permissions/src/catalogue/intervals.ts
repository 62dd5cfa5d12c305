/** Least seconds between two requests of one caller, by `METHOD route` as the catalogue writes the route. */
export type Intervals = Readonly<Record<string, number>>;

/** The limits that Vast.ai's API documentation names. It names none for other routes, which may have one all the same. */
export const DOCUMENTED_INTERVALS: Intervals = {
  'GET /api/v0/auth/apikeys/': 1,
  'POST /api/v0/auth/apikeys/': 2,
  'DELETE /api/v0/auth/apikeys/{id}/': 2,
  'PUT /api/v0/commands/reset_apikey/': 3,
  'PUT /api/v0/users/': 5,
  'GET /api/v0/audit_logs/': 2,
  'POST /api/v0/team/roles/': 2,
  'GET /api/v0/team/roles/': 2,
  'GET /api/v0/team/roles-full/': 2,
  'GET /api/v0/team/roles/{id}/': 2,
  'PUT /api/v0/team/roles/{id}/': 2,
  'DELETE /api/v0/team/roles/{id}/': 2,
};
