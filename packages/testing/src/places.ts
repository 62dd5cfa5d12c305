/** Paths relative to a home, with XDG_CONFIG_HOME unset. */
export const KEY_FILE = '.config/vastai/vast_api_key';
export const SETTINGS = '.config/vastai/config.json';
export const LEGACY_FILE = '.vast_api_key';
