export { COMMAND_NOT_FOUND } from './hooks/command-not-found.js';
export { JIT_PLUGIN_NOT_INSTALLED } from './hooks/jit-plugin-not-installed.js';
export { PLUGINS_POSTINSTALL } from './hooks/plugins-postinstall.js';
export { PLUGINS_PREINSTALL } from './hooks/plugins-preinstall.js';
export { PRERUN } from './hooks/prerun.js';
