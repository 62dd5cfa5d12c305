import type { OpenRequest } from '@vastai-cli/core/internal/http/open-response';

/** The request of a run. Its body is a JSON text. */
export type ApiCall = OpenRequest & { readonly body?: string };
