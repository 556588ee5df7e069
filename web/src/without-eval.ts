import { config } from 'zod';

/**
 * The page's policy forbids compiling code from text, which schemas try by default. Must be imported before
 * any schema is built: hence a file of its own, first in `main.tsx`.
 */
config({ jitless: true });
