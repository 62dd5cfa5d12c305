import { pathToFileURL } from 'node:url';

/**
 * Turns modules that hold nothing but data into JSON that is parsed when they run: an array literal of hundreds of rows is
 * an object for V8 to compile, to keep and to read back, and a string is not.
 */
export const dataAsJson = {
  name: 'data-as-json',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]permissions[\\/]dist[\\/]catalogue[\\/][\w-]+-data\.js$/ }, async ({ path }) => {
      const values = Object.entries(await import(pathToFileURL(path).href));
      const lines = values.map(([name, value]) => {
        const json = JSON.stringify(value);
        return `export const ${name} = JSON.parse(${JSON.stringify(json)});`;
      });
      return { contents: `${lines.join('\n')}\n`, loader: 'js' };
    });
  },
};
