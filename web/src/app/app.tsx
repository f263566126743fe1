import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { queryClient } from '../query/query-client.ts';
import { Toasts } from '../ui/toasts.tsx';
import { TooltipLayer } from '../ui/tooltip-layer.tsx';
import { router } from './router.tsx';

export function App() {
  return (
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
      <Toasts />
      <TooltipLayer />
    </QueryClientProvider>
  );
}
