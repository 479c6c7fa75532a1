import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** What `qd bench` shows and puts into windows; no part of the product. */
export default defineConfig({
  root: 'app/renderer/bench',
  base: './',
  plugins: [react()],
  build: {
    outDir: '../../../build/bench-pages',
    emptyOutDir: true,
    target: 'es2024',
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: [
        'app/renderer/bench/blotter.html',
        'app/renderer/bench/chart.html',
        'app/renderer/bench/probe.ts',
      ],
      output: { entryFileNames: '[name].js' },
    },
    chunkSizeWarningLimit: 4000,
  },
});
