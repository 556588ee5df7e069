import './without-eval.ts';
import './style/layers.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { takeSignInCode } from './features/session/begin-session.ts';
import { pageTheme } from './style/page-theme.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element with the id "root"');

// Taken before the first render: React may render twice, and a code works once.
const code = takeSignInCode();
const styleNonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
const queries = new QueryClient({
  defaultOptions: { queries: { retry: false, refetchOnWindowFocus: false } },
});

// Variables and global classes come as files (style/layers.css), so the library injects no style of its own;
// the nonce is for those of its parts that would.
createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={pageTheme}
      defaultColorScheme="dark"
      getStyleNonce={() => styleNonce}
      withCssVariables={false}
      withGlobalClasses={false}
    >
      <QueryClientProvider client={queries}>
        <Notifications position="bottom-left" limit={3} />
        <App code={code} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
