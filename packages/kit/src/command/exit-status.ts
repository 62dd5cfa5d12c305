import type { ErrorCode } from '@vastai-cli/core/internal/base/errors';

/** Maps each error code to the exit status of the process. */
export const EXIT_STATUS: Readonly<Record<ErrorCode, number>> = {
  api_error: 1,
  internal: 1,
  usage: 2,
  no_key: 3,
  key_rejected: 4,
  forbidden: 5,
  not_found: 6,
  rate_limited: 7,
  unreachable: 8,
  storage: 9,
  findings: 10,
  two_factor: 11,
  interrupted: 130,
};
