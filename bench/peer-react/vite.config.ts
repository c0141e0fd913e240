import { readFileSync } from 'node:fs';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const ours = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** Look, icons and first paint are the dashboard's own, and stand in the page as they do there. */
function shell(): Plugin {
  const styles = ['tokens', 'base', 'layout', 'components', 'pages'];
  return {
    name: 'shell',
    transformIndexHtml: {
      order: 'pre',
      handler: (html) =>
        html
          .replace('<!-- style -->', () => `<style>${styles.map((name) => ours(`style/${name}.css`)).join('')}</style>`)
          .replace('<!-- first paint -->', () => `<script>${ours('public/first-paint.js')}</script>`)
          .replace('<!-- icons -->', () => ours('public/icons.svg')),
    },
  };
}

export default defineConfig({
  plugins: [react(), shell()],
  server: { proxy: { '/api': 'http://127.0.0.1:8787', '/ws': { target: 'ws://127.0.0.1:8787', ws: true } } },
  build: {
    target: 'es2023',
    rolldownOptions: {
      output: {
        // Names that the server knows for hashed, so that browsers may keep them.
        hashCharacters: 'hex',
        entryFileNames: 'assets/[name]-[hash:16].js',
        chunkFileNames: 'assets/[name]-[hash:16].js',
        assetFileNames: 'assets/[name]-[hash:16][extname]',
      },
    },
  },
});
