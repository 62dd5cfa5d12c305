/** The page on which a person makes and revokes API keys. */
export const KEYS_PAGE = 'https://cloud.vast.ai/manage-keys/';
