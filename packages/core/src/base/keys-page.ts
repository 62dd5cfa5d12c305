/** URL of the page for creating and revoking API keys. */
export const KEYS_PAGE = 'https://cloud.vast.ai/manage-keys/';
