// The generator's own theme, with colours for pictures.
import theme from 'vitepress/theme';
import './style.css';

export default theme;
