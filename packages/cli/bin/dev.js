#!/usr/bin/env node
// The CLI of this checkout, as built, with all plugins: oclif loads `devPlugins` in development only.
process.env.NODE_ENV = 'development';
require('../dist/start.js').start();
