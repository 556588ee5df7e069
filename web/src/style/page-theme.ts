import { createTheme } from '@mantine/core';

/** Only what components read in code; colours and sizes are CSS variables in `theme.css`. */
export const pageTheme = createTheme({
  primaryColor: 'blue',
  defaultRadius: 'sm',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    // The page's own scroll areas do not move behind a dialog, and locking would inject a style.
    Modal: { defaultProps: { lockScroll: false, centered: true } },
    Drawer: { defaultProps: { lockScroll: false } },
    Tooltip: { defaultProps: { openDelay: 300, withArrow: true, multiline: true, maw: 340 } },
  },
});
