// The generator's own theme, and the component that draws diagrams.
import type { Theme } from 'vitepress';
import theme from 'vitepress/theme';
import { Diagram } from './diagram.js';
import './style.css';

export default {
  extends: theme,
  enhanceApp: ({ app }) => {
    app.component('Diagram', Diagram);
  },
} satisfies Theme;
