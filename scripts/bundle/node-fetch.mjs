// What node-fetch 2 gets in place of modules that Node has outgrown, or that nobody installed.
const OWN = `
const { format, URL, urlToHttpOptions } = require('node:url');
exports.URL = URL;
exports.format = format;
exports.parse = (text) => urlToHttpOptions(new URL(text));
`;

/**
 * `whatwg-url` is there for a Node without the class URL: 350 kB of tables and the deprecated `punycode`.
 * `url.parse` is deprecated too, and Node 24 warns about it in every program that is not under node_modules;
 * what it is called with is always a whole URL, as the class URL writes it.
 */
export const modernNodeFetch = {
  name: 'modern-node-fetch',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(?:whatwg-url|url)$/ }, ({ importer }) =>
      /[\\/]node-fetch[\\/]/.test(importer) ? { path: 'url', namespace: 'modern-node-fetch' } : undefined,
    );
    // It looks for `encoding`, which is for texts in other encodings, in every folder above it and in the home of the user.
    onResolve({ filter: /^encoding$/ }, ({ importer }) =>
      /[\\/]node-fetch[\\/]/.test(importer)
        ? { path: 'encoding', namespace: 'modern-node-fetch' }
        : undefined,
    );
    onLoad({ filter: /^url$/, namespace: 'modern-node-fetch' }, () => ({ contents: OWN, loader: 'js' }));
    onLoad({ filter: /^encoding$/, namespace: 'modern-node-fetch' }, () => ({ contents: '', loader: 'js' }));
  },
};
