#!/usr/bin/env node
require('../dist/front-door.js').main();
