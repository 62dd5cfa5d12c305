export { COMMAND_NOT_FOUND } from './runtime/hooks/command-not-found.js';
export { JIT_PLUGIN_NOT_INSTALLED } from './runtime/hooks/jit-plugin-not-installed.js';
export { PLUGINS_POSTINSTALL } from './runtime/hooks/plugins-postinstall.js';
export { PLUGINS_PREINSTALL } from './runtime/hooks/plugins-preinstall.js';
export { PRERUN } from './runtime/hooks/prerun.js';
