import type { ReactNode } from 'react';

/** A key, as the keyboard has it. */
export function Kbd({ children }: { readonly children: ReactNode }) {
  return (
    <kbd className="inline-flex h-4 min-w-4 items-center justify-center rounded border border-line bg-sunken px-1 font-sans text-[10px] leading-none text-fg-3 coarse:hidden">
      {children}
    </kbd>
  );
}
