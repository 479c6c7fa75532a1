import { defineConfig, type Plugin } from 'vite';

/** What a bundle is made of, by `--mode`; each lies in a folder beside `build/native` and `build/renderer`. */
const BUNDLES: Readonly<Record<string, { folder: string; input: Record<string, string> }>> = {
  main: { folder: 'main', input: { main: 'app/main/electron/main.ts' } },
  // Alone: a sandboxed preload script loads nothing.
  preload: { folder: 'main', input: { preload: 'app/main/electron/preload.ts' } },
  engine: {
    folder: 'engine',
    input: {
      feed: 'app/engine/processes/feed/main.ts',
      'catalogue-thread': 'app/engine/processes/feed/catalogue-thread.ts',
      keys: 'app/engine/processes/keys/main.ts',
      trade: 'app/engine/processes/trade/main.ts',
      sandbox: 'app/cli/sandbox-process.ts',
    },
  },
};

/** In a bundle the addon lies elsewhere than in the sources. */
const addonBeside: Plugin = {
  name: 'addon-beside',
  transform: (code, id) =>
    id.endsWith('addon.mjs')
      ? { code: code.replace('../../../build/native/', '../native/'), map: null }
      : undefined,
};

export default defineConfig(({ mode }) => {
  const bundle = BUNDLES[mode];
  if (bundle === undefined) {
    throw new Error(`expected --mode ${Object.keys(BUNDLES).join(' or ')}, was ${mode}`);
  }
  return {
    plugins: [addonBeside],
    ssr: { noExternal: true },
    build: {
      ssr: true,
      outDir: `build/${bundle.folder}`,
      emptyOutDir: mode !== 'preload',
      target: 'node24',
      sourcemap: true,
      minify: false,
      rolldownOptions: {
        input: bundle.input,
        // better-sqlite3 finds its binary beside itself.
        external: ['electron', 'better-sqlite3'],
        output: {
          format: 'cjs',
          entryFileNames: '[name].cjs',
          chunkFileNames: '[name]-[hash].cjs',
        },
      },
    },
  };
});
