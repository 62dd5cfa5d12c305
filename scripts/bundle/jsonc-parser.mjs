/**
 * Leaves out of jsonc-parser the 1200 strings that only its formatter uses: they are made when the module is loaded, so
 * esbuild takes that for an effect somebody may want.
 */
export const withoutTables = {
  name: 'jsonc-parser-without-tables',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /\/string-intern$/ }, async ({ kind, path, resolveDir, pluginData }) => {
      if (pluginData === withoutTables || !/[\\/]jsonc-parser[\\/]/u.test(resolveDir)) return undefined;
      const found = await resolve(path, { kind, resolveDir, pluginData: withoutTables });
      return { ...found, sideEffects: false };
    });
  },
};
