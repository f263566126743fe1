import { Sheet } from '../ui/dialog.tsx';
import { Sidebar } from './sidebar.tsx';

/** The sidebar over the page, where there is no room for it beside. */
export function NavigationSheet({ onClose }: { readonly onClose: () => void }) {
  return (
    <Sheet title="Navigation" onClose={onClose} className="left-0 w-72 max-w-[85vw]">
      <Sidebar isFolded={false} onLeave={onClose} />
    </Sheet>
  );
}
